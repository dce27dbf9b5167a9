using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using MaeLab.Domain;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Native;
using MaeLab.Engine.Probes;
using MaeLab.Engine.Training;

namespace MaeLab.Runner.Verbs;

/// <summary><c>probe CHECKPOINT</c>: all theory probes on one model.</summary>
internal sealed class ProbeVerb : Command
{
    private readonly Argument<FileInfo> _checkpoint = new Argument<FileInfo>("CHECKPOINT")
    {
        Description = "A checkpoint of a run; its recipe names the data set.",
    }.AcceptExistingOnly();

    private readonly Option<bool> _json = new("--json") { Description = "Values with their details as one JSON object." };

    private readonly Option<int> _threads = new("--threads") { Description = "libtorch's threads; 0: one a core.", HelpName = "N" };

    private readonly DataFolders _data = new();

    public ProbeVerb()
        : base("probe", "Run every theory probe on a checkpoint's model, see runner/Engine/Probes.")
    {
        Add(_checkpoint);
        Add(_json);
        Add(_threads);
        Add(_data);
        SetAction((arguments, cancellationToken) => Task.Run(() => Run(arguments, cancellationToken), cancellationToken));
    }

    private int Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        var source = arguments.GetRequiredValue(_checkpoint);
        var folders = _data.Read(arguments);
        if (!folders.IsValid)
        {
            return Failure.Say(arguments, folders.Errors);
        }

        try
        {
            NativeThreads.Use(arguments.GetValue(_threads));
            using var checkpoint = source.OpenRead();
            var recipe = Checkpoint.ReadRecipe(checkpoint);
            checkpoint.Position = 0;
            using var dataset = new DatasetLocator(folders.Value).Open(recipe.Dataset.Name, recipe.Dataset.Limit);
            using var parameters = Checkpoint.ReadParameters(checkpoint, recipe, dataset.Channels, TrainingDevice.Choose(recipe.Device));
            var results = TheorySuite.Run(recipe, dataset, parameters, progress => Say(arguments, progress), cancellationToken);
            arguments.InvocationConfiguration.Output.WriteLine(arguments.GetValue(_json) ? Json(results) : Text(results));
            return 0;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException or TrainingFailedException)
        {
            return Failure.Say(arguments, $"{source.Name}: {failure.Message}");
        }
    }

    private static void Say(ParseResult arguments, TheoryProgress progress)
    {
        if (progress.Current is { } name)
        {
            arguments.InvocationConfiguration.Error.WriteLine($"{progress.Done + 1} of {progress.Total}: {name}");
        }
    }

    private static string Text(IReadOnlyList<ProbeResult> results) =>
        string.Join(Environment.NewLine, results.Select(result => FormattableString.Invariant($"{result.Probe,-32} {result.Value,10:G4}")));

    private static string Json(IReadOnlyList<ProbeResult> results) => JsonSerializer.Serialize(
        new { Probes = results.Select(result => new { result.Probe, result.Value, Details = JsonNode.Parse(result.Details) }) }, JsonDefaults.Options);
}
