using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;
using MaeLab.Runner.Verbs;

namespace MaeLab.Messaging.Tests.Runner;

/// <summary>The tables that the verb <c>train</c> leaves, over parts of a run.</summary>
public sealed class FolderSinkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maelab-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A killed process disposes of nothing.</summary>
    [Fact]
    public void Points_before_a_checkpoint_are_on_disk_once_it_is()
    {
        using var sink = new FolderSink(_folder, restored: null);
        sink.Record(new(SeriesNames.TrainLoss, 1, 0.5));
        sink.SaveCheckpoint(1, 0.5, final: false, stream =>
        {
            Assert.Equal(["series,step,value", "train/loss,1,0.5"], Shared("metrics.csv"));
            stream.WriteByte(1);
        });
        Assert.Equal(Path.Combine(_folder, "checkpoint-1.safetensors"), sink.LastCheckpoint);
    }

    [Fact]
    public void Rows_past_the_step_that_a_run_goes_on_from_are_dropped()
    {
        File.WriteAllText(PathOf("metrics.csv"), "series,step,value\ntrain/loss,1,0.5\ntrain/loss,2,0.4\nprobe/lars_accuracy,2,0.7\ntrain/loss,3,0.3\ntrain/loss,4,0\ntrain/lo");
        File.WriteAllText(PathOf("probes.csv"), "probe,step,value\nprobe/linear_accuracy,2,0.6\nprobe/lars_accuracy,2,0.7\nprobe/linear_accuracy,4,0.9\n");
        using (var sink = new FolderSink(_folder, restored: 2))
        {
            sink.Record(new(SeriesNames.TrainLoss, 3, 0.25));
            sink.SaveEvaluation(new(3, [], [new ProbeResult(SeriesNames.LinearAccuracy, 0.8, "{}")]));
        }

        Assert.Equal(["series,step,value", "train/loss,1,0.5", "train/loss,2,0.4", "train/loss,3,0.25"], Shared("metrics.csv"));
        Assert.Equal(["probe,step,value", "probe/linear_accuracy,2,0.6", "probe/linear_accuracy,3,0.8"], Shared("probes.csv"));
        Assert.Equal(["metrics.csv", "probes.csv"], Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tables_of_a_run_from_the_beginning_begin_anew()
    {
        File.WriteAllText(PathOf("metrics.csv"), "series,step,value\ntrain/loss,1,0.5\n");
        new FolderSink(_folder, restored: null).Dispose();
        Assert.Equal(["series,step,value"], Shared("metrics.csv"));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private string[] Shared(string name)
    {
        using var reader = new StreamReader(new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
