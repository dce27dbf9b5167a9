using System.Globalization;
using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Training;

namespace MaeLab.Runner.Verbs;

/// <summary>Puts everything a run produces into a folder: checkpoints, images, probes.csv and metrics.csv.</summary>
internal sealed class FolderSink : ITrainingSink, IDisposable
{
    private readonly string _folder;
    private readonly StreamWriter _metrics;
    private readonly StreamWriter _probes;
    private volatile bool _stop;

    /// <param name="resumes">What the folder has in its tables is an earlier part of this run, and kept.</param>
    public FolderSink(string folder, bool resumes)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _metrics = Table("metrics.csv", "series,step,value", resumes);
        _probes = Table("probes.csv", "probe,step,value", resumes);
    }

    public StopRequest StopRequested => _stop ? StopRequest.SaveAndStop : StopRequest.None;

    public string? LastCheckpoint { get; private set; }

    public void Stop() => _stop = true;

    public void Record(MetricPoint point) =>
        _metrics.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{point.Series},{point.Step},{point.Value:R}"));

    public void Report(TrainingProgress progress) => Console.WriteLine(
        $"step {progress.Step}/{progress.TotalSteps}  epoch {progress.Epoch:F2}  loss {progress.Loss:F5}  {progress.ImagesPerSecond:F0} images/s");

    public bool SaveCheckpoint(long step, double epoch, bool final, Action<Stream> write)
    {
        var path = Path.Combine(_folder, $"checkpoint-{step}.safetensors");
        WholeFile.Write(path, write);
        LastCheckpoint = path;
        return true;
    }

    public void SaveEvaluation(EvaluationResult result)
    {
        var images = Directory.CreateDirectory(Path.Combine(_folder, "images")).FullName;
        foreach (var image in result.Images)
        {
            File.WriteAllBytes(Path.Combine(images, $"step{result.Step}-{image.GalleryIndex:D2}-{image.Kind}.png"), image.Png);
        }

        foreach (var probe in result.Probes)
        {
            _probes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{probe.Probe},{result.Step},{probe.Value:R}"));
        }

        _probes.Flush();
    }

    public void Log(LogSeverity severity, string text) => Console.WriteLine(severity == LogSeverity.Info ? text : $"{severity}: {text}");

    public void Dispose()
    {
        _metrics.Dispose();
        _probes.Dispose();
    }

    private StreamWriter Table(string file, string header, bool append)
    {
        var path = Path.Combine(_folder, file);
        var isNew = !append || !File.Exists(path);
        var table = new StreamWriter(path, append);
        if (isNew)
        {
            table.WriteLine(header);
        }

        return table;
    }
}
