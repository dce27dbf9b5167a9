using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Training;

namespace MaeLab.Runner.Verbs;

/// <summary>Puts everything a run produces into a folder: checkpoints, images, probes.csv and metrics.csv.</summary>
internal sealed class FolderSink : ITrainingSink, IDisposable
{
    /// <summary>Of evaluations made after the checkpoint of their step: a run that goes on from it gives them again.</summary>
    private static readonly HashSet<string> s_afterTheCheckpoint = [SeriesNames.LarsAccuracy, SeriesNames.FineTuneAccuracy, SeriesNames.ScratchAccuracy];

    private readonly string _folder;
    private readonly RunTable _metrics;
    private readonly RunTable _probes;
    private volatile bool _stop;

    /// <param name="restored">The step that the run goes on from: what the folder's tables have past it is dropped, and done again; null: they begin anew.</param>
    public FolderSink(string folder, long? restored)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        Func<string, long, bool>? keeps = restored is { } last ? (name, step) => step < last || (step == last && !s_afterTheCheckpoint.Contains(name)) : null;
        _metrics = new(Path.Combine(_folder, "metrics.csv"), "series", keeps);
        _probes = new(Path.Combine(_folder, "probes.csv"), "probe", keeps);
    }

    public StopRequest StopRequested => _stop ? StopRequest.SaveAndStop : StopRequest.None;

    public string? LastCheckpoint { get; private set; }

    public void Stop() => _stop = true;

    public void Record(MetricPoint point) => _metrics.Add(point.Series, point.Step, point.Value);

    public void Report(TrainingProgress progress) => Console.WriteLine(
        $"step {progress.Step}/{progress.TotalSteps}  epoch {progress.Epoch:F2}  loss {progress.Loss:F5}  {progress.ImagesPerSecond:F0} images/s");

    public bool SaveCheckpoint(long step, double epoch, bool final, Action<Stream> write)
    {
        // A killed process goes on from here: what came before must be in the table by then.
        _metrics.Flush();
        var path = Path.Combine(_folder, $"checkpoint-{step}.safetensors");
        WholeFile.Write(path, write);
        LastCheckpoint = path;
        return true;
    }

    public bool SaveEvaluationState(long step, int number, Action<Stream> write)
    {
        WholeFile.Write(StateOf(step), write);
        return true;
    }

    /// <summary>Where the evaluations of a run of so many steps leave their state.</summary>
    public string StateOf(long step) => Path.Combine(_folder, $"evaluations-{step}.safetensors");

    public void SaveEvaluation(EvaluationResult result)
    {
        var images = Directory.CreateDirectory(Path.Combine(_folder, "images")).FullName;
        foreach (var image in result.Images)
        {
            File.WriteAllBytes(Path.Combine(images, $"step{result.Step}-{image.GalleryIndex:D2}-{image.Kind}.png"), image.Png);
        }

        foreach (var probe in result.Probes)
        {
            _probes.Add(probe.Probe, result.Step, probe.Value);
        }

        _probes.Flush();
    }

    public void Log(LogSeverity severity, string text) => Console.WriteLine(severity == LogSeverity.Info ? text : $"{severity}: {text}");

    public void Dispose()
    {
        _metrics.Dispose();
        _probes.Dispose();
    }
}
