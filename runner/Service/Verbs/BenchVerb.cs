using System.CommandLine;
using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Training;

namespace MaeLab.Runner.Verbs;

/// <summary><c>bench RECIPE.json|PRESET</c>: how fast this machine trains a recipe, against its own matrix product.</summary>
internal sealed class BenchVerb : Command
{
    private readonly Argument<string> _recipe = new("RECIPE.json|PRESET") { Description = $"A recipe file, or one of {string.Join(", ", Presets.Names)}." };

    private readonly Option<int> _steps = new("--steps") { Description = "Measured steps, after a few that warm up.", DefaultValueFactory = _ => 20, HelpName = "N" };

    private readonly Option<int> _channels = new("--channels") { Description = "Channels of the made-up images; by default those of the recipe's data set.", HelpName = "N" };

    private readonly Option<int> _threads = new("--threads") { Description = "libtorch's threads; 0: one a core.", HelpName = "N" };

    private readonly Option<bool> _json = new("--json") { Description = "The figures as one JSON object." };

    public BenchVerb()
        : base("bench", "Measure training steps of a recipe on made-up images, without loader, evaluation or checkpoints.")
    {
        _steps.Validators.Add(result => Require(result, _steps, 1));
        _channels.Validators.Add(result => Require(result, _channels, 1));
        _threads.Validators.Add(result => Require(result, _threads, 0));
        Add(_recipe);
        Add(_steps);
        Add(_channels);
        Add(_threads);
        Add(_json);
        SetAction((arguments, cancellationToken) => Task.Run(() => Run(arguments, cancellationToken), cancellationToken));
    }

    private int Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetRequiredValue(_recipe);
        var datasets = Datasets.Known.ToDictionary(dataset => dataset.Name);
        var recipe = File.Exists(name) ? RecipeFile.Read(name, datasets)
            : Presets.Find(name) is { } preset ? preset
            : new List<FieldError> { new("RECIPE.json|PRESET", $"There is neither a file nor a preset '{name}'. Presets: {string.Join(", ", Presets.Names)}.") };
        if (!recipe.IsValid)
        {
            return Failure.Say(arguments, recipe.Errors);
        }

        var channels = arguments.GetValue(_channels) is > 0 and var given ? given
            : datasets[recipe.Value.Dataset.Name].Channels;
        var result = Bench.Run(recipe.Value, channels, arguments.GetValue(_threads), arguments.GetValue(_steps), cancellationToken);
        arguments.InvocationConfiguration.Output.WriteLine(arguments.GetValue(_json) ? JsonSerializer.Serialize(result, JsonDefaults.Options) : Text(result));
        return 0;
    }

    private static string Text(BenchResult result) => FormattableString.Invariant(
        $"""
        {result.ImagesPerSecond:F0} images/s: a step of {result.StepMilliseconds.Median:F1} ms (median of {result.Steps}; p95 {result.StepMilliseconds.P95:F1} ms)
        {result.GigaflopsPerSecond:F0} GFLOP/s of model, {result.Utilisation:P0} of this machine's matrix product ({result.MatmulPeakGigaflopsPerSecond:F0} GFLOP/s)
        {result.Device}, {result.Threads} thread(s)
        """);

    private static void Require(System.CommandLine.Parsing.OptionResult result, Option<int> option, int least)
    {
        if (result.GetValueOrDefault<int>() < least)
        {
            result.AddError($"{option.Name} must be at least {least}.");
        }
    }
}
