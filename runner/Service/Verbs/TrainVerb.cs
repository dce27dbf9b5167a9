using System.CommandLine;
using System.Runtime.InteropServices;
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
        Description = "Folder of a data set that is not where the system keeps it; may be repeated.",
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
                return VerbErrors.Print($"--data {entry}: write NAME=DIR.");
            }

            folders[name] = folder;
        }

        var recipe = RecipeFile.Read(arguments.GetRequiredValue(_recipe).FullName);
        if (!recipe.IsValid)
        {
            return VerbErrors.Print(recipe.Errors);
        }

        var resume = arguments.GetValue(_resume);
        var job = new TrainingJob(recipe.Value, resume is null ? null : resume.OpenRead, folders, arguments.GetValue(_threads));
        using var sink = new FolderSink(arguments.GetRequiredValue(_out).FullName);
        using var interrupt = StopOn(PosixSignal.SIGINT, sink);
        using var terminate = StopOn(PosixSignal.SIGTERM, sink);
        try
        {
            var outcome = Trainer.Run(job, sink, CancellationToken.None);
            Console.WriteLine(outcome.Completed
                ? $"Completed at step {outcome.Step}, weights {outcome.WeightsSha256}"
                : $"Stopped at step {outcome.Step}; go on with --resume {sink.LastCheckpoint}");
            return 0;
        }
        catch (TrainingFailedException failed)
        {
            return VerbErrors.Print($"{failed.Reason}: {failed.Message}");
        }
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, FolderSink sink) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        sink.Stop();
    });
}
