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

    private readonly DataFolders _data = new();

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
        var folders = _data.Read(arguments);
        var recipe = RecipeFile.Read(arguments.GetRequiredValue(_recipe).FullName);
        if (!folders.IsValid || !recipe.IsValid)
        {
            return Failure.Say([.. folders.Errors.Concat(recipe.Errors).Select(error => $"{error.Field}: {error.Message}")]);
        }

        var resume = arguments.GetValue(_resume);
        var job = new TrainingJob(recipe.Value, resume is null ? null : resume.OpenRead, folders.Value, arguments.GetValue(_threads));
        using var sink = new FolderSink(arguments.GetRequiredValue(_out).FullName);
        using var interrupt = StopOn(PosixSignal.SIGINT, sink);
        using var terminate = StopOn(PosixSignal.SIGTERM, sink);
        try
        {
            var outcome = Trainer.Run(job, sink, CancellationToken.None);
            Console.WriteLine(outcome.Completed
                ? $"Completed at step {outcome.Step}, weights {outcome.WeightsSha256}"
                : $"Stopped at step {outcome.Step}; go on with --resume {sink.LastCheckpoint}");
            Console.WriteLine($"Peak memory {ProcessMemory.Peak()} bytes");
            return 0;
        }
        catch (TrainingFailedException failed)
        {
            return Failure.Say($"{failed.Reason}: {failed.Message}");
        }
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, FolderSink sink) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        sink.Stop();
    });
}
