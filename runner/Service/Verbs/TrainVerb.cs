using System.CommandLine;
using System.Runtime.InteropServices;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Training;

namespace MaeLab.Runner.Verbs;

/// <summary><c>train RECIPE.json --out DIR</c>: one run without bus or database.</summary>
internal sealed class TrainVerb : Command
{
    private readonly Argument<FileInfo> _recipe = new Argument<FileInfo>("RECIPE.json")
    {
        Description = "A recipe as in the API; \"preset\" fills what is left out.",
    }.AcceptExistingOnly();

    private readonly Option<DirectoryInfo> _out = new("--out")
    {
        Description = "Folder for checkpoints, images and metrics.csv.",
        Required = true,
        HelpName = "DIR",
    };

    private readonly Option<FileInfo?> _resume = new("--resume") { Description = "A checkpoint to go on from.", HelpName = "FILE" };

    private readonly Option<int> _threads = new("--threads") { Description = "libtorch's threads; 0: one a core.", HelpName = "N" };

    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Folder of a known data set that is elsewhere, or of images of your own (train/CLASS/IMAGE, val/CLASS/IMAGE); may be repeated.",
        HelpName = "NAME=DIR",
    };

    public TrainVerb()
        : base("train", "Train one recipe here and now, without bus or database.")
    {
        Add(_recipe);
        Add(_out);
        Add(_resume);
        Add(_threads);
        Add(_data);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var folders = new Dictionary<string, string>();
        foreach (var entry in arguments.GetValue(_data) ?? [])
        {
            if (entry.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } folder])
            {
                return Fail(arguments, $"--data {entry}: write NAME=DIR.");
            }

            folders[name] = folder;
        }

        try
        {
            var recipe = RecipeFile.Read(arguments.GetRequiredValue(_recipe).FullName, new DatasetLocator(folders).Catalog());
            return recipe.IsValid
                ? Train(recipe.Value, folders, arguments)
                : Fail(arguments, [.. recipe.Errors.Select(error => $"{error.Field}: {error.Message}")]);
        }
        catch (TrainingFailedException failed)
        {
            return Fail(arguments, $"{failed.Reason}: {failed.Message}");
        }
    }

    private int Train(Recipe recipe, Dictionary<string, string> folders, ParseResult arguments)
    {
        var resume = arguments.GetValue(_resume);
        var job = new TrainingJob(
            recipe, resume is null ? null : resume.OpenRead, folders, arguments.GetValue(_threads), new RunnerOptions().Cache());
        using var sink = new FolderSink(arguments.GetRequiredValue(_out).FullName);
        using var interrupt = StopOn(PosixSignal.SIGINT, sink);
        using var terminate = StopOn(PosixSignal.SIGTERM, sink);
        var outcome = Trainer.Run(job, sink, CancellationToken.None);
        Console.WriteLine(outcome.Completed
            ? $"Completed at step {outcome.Step}, weights {outcome.WeightsSha256}"
            : $"Stopped at step {outcome.Step}; go on with --resume {sink.LastCheckpoint}");
        return 0;
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, FolderSink sink) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        sink.Stop();
    });

    private static int Fail(ParseResult arguments, params IReadOnlyList<string> messages)
    {
        foreach (var message in messages)
        {
            arguments.InvocationConfiguration.Error.WriteLine(message);
        }

        return 1;
    }
}
