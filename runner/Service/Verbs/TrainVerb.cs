using System.CommandLine;
using System.Runtime.InteropServices;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
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
        Description = "Folder for checkpoints, images, metrics.csv and probes.csv; --resume goes on with the tables.",
        Required = true,
        HelpName = "DIR",
    };

    private readonly Option<FileInfo> _resume = new Option<FileInfo>("--resume") { Description = "A checkpoint to go on from.", HelpName = "FILE" }.AcceptExistingOnly();

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
        if (!folders.IsValid)
        {
            return Failure.Say(arguments, folders.Errors);
        }

        try
        {
            var recipe = RecipeFile.Read(arguments.GetRequiredValue(_recipe).FullName, new DatasetLocator(folders.Value).Catalog());
            return recipe.IsValid ? Train(recipe.Value, folders.Value, arguments) : Failure.Say(arguments, recipe.Errors);
        }
        catch (TrainingFailedException failed)
        {
            return Failure.Say(arguments, $"{failed.Reason}: {failed.Message}");
        }
    }

    private int Train(Recipe recipe, Dictionary<string, string> folders, ParseResult arguments)
    {
        var resume = arguments.GetValue(_resume);
        var step = StepOf(resume);
        using var sink = new FolderSink(arguments.GetRequiredValue(_out).FullName, step);
        var state = step is { } from && File.Exists(sink.StateOf(from)) ? sink.StateOf(from) : null;
        var job = new TrainingJob(
            recipe, resume is null ? null : resume.OpenRead, folders, arguments.GetValue(_threads), new RunnerOptions().Cache(), RunnerHardware.Detect().MemoryBytes,
            state is null ? null : () => File.OpenRead(state));
        using var interrupt = StopOn(PosixSignal.SIGINT, sink);
        using var terminate = StopOn(PosixSignal.SIGTERM, sink);
        var outcome = Trainer.Run(job, sink, CancellationToken.None);
        if (outcome.Completed)
        {
            File.Delete(sink.StateOf(outcome.Step));
        }

        Console.WriteLine(outcome.Completed
            ? $"Completed at step {outcome.Step}, weights {outcome.WeightsSha256}"
            : $"Stopped at step {outcome.Step}; go on with --resume {sink.LastCheckpoint ?? resume?.FullName}");
        Console.WriteLine($"Peak memory {ProcessMemory.Peak()} bytes");
        return 0;
    }

    private static long? StepOf(FileInfo? checkpoint)
    {
        if (checkpoint is null)
        {
            return null;
        }

        try
        {
            using var file = checkpoint.OpenRead();
            return Checkpoint.ReadStep(file);
        }
        catch (InvalidDataException damaged)
        {
            throw new TrainingFailedException(ReasonCode.BadData, $"{checkpoint.Name}: {damaged.Message}", damaged);
        }
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, FolderSink sink) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        sink.Stop();
    });
}
