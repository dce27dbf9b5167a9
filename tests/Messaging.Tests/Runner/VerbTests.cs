using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Engine.Training;
using MaeLab.Runner.Verbs;

namespace MaeLab.Messaging.Tests.Runner;

/// <summary>The verbs by their exit codes and the files they leave.</summary>
public sealed class VerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maelab-verbs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Verify_tells_agreement_difference_and_no_reference_file_apart()
    {
        var good = Path.Combine(AppContext.BaseDirectory, "plain_rgb24_p8_mlp3.safetensors");
        var bytes = File.ReadAllBytes(good);
        // The last tensor by name among the fp32 ones: a weight of the model that the forward pass reads.
        MemoryMarshal.Cast<byte, float>(bytes.AsSpan())[^1] += 1;
        string different = WriteFile("different", bytes), none = WriteFile("none", [1, 2, 3]);

        Assert.Equal(0, Invoke(new VerifyVerb(), good));
        Assert.Equal(1, Invoke(new VerifyVerb(), good, different));
        Assert.Equal(2, Invoke(new VerifyVerb(), none, different));
        Assert.Equal(2, Invoke(new VerifyVerb(), Path.Combine(_folder, "absent")));

        // Metadata of the same length, so that the header stays whole.
        bytes = File.ReadAllBytes(good);
        var entry = "\"norm_pix_loss\":"u8;
        var at = bytes.AsSpan().IndexOf(entry);
        Assert.True(at > 0);
        var value = bytes.AsSpan(at + entry.Length + bytes.AsSpan(at + entry.Length).IndexOf((byte)'"') + 1);
        value[0] = (byte)'x';
        Assert.Equal(2, Invoke(new VerifyVerb(), WriteFile("bad-switch", bytes)));
    }

    [Fact]
    public void Weights_go_out_and_come_back_by_export_and_import()
    {
        var recipe = WriteFile("recipe.json", """
            {"dataset": {"name": "fashion-mnist-sample", "limit": 64}, "batchSize": 32, "encoder": {"width": 16, "depth": 1, "heads": 2}, "epochs": 2,
             "decoder": {"width": 16, "depth": 1, "heads": 2}, "evaluation": {"linearProbe": false, "reconstructions": 0}, "device": "cpu"}
            """u8.ToArray());
        Assert.Equal(0, Invoke(new TrainVerb(), recipe, "--out", _folder, "--threads", "1"));
        string checkpoint = Path.Combine(_folder, "checkpoint-4.safetensors"), file = Path.Combine(_folder, "weights"), back = Path.Combine(_folder, "back");

        Assert.Equal(0, Invoke(new ExportVerb(), checkpoint, "--out", file, "--names", "hf", "--encoder-only"));
        Assert.Equal(0, Invoke(new ImportVerb(), file, "--recipe", recipe, "--out", back));
        var metrics = Path.Combine(_folder, "metrics.csv");
        var before = File.ReadAllLines(metrics);
        Assert.Equal(0, Invoke(new TrainVerb(), recipe, "--out", _folder, "--resume", back));

        // It goes on from step 0: the rows that were there are of another run.
        Assert.Equal(before.Select(Key), File.ReadAllLines(metrics).Select(Key));
    }

    [Fact]
    public void Failed_export_and_import_leave_no_file()
    {
        string none = WriteFile("none", [1, 2, 3]), recipe = WriteFile("recipe.json", "{}"u8.ToArray()), target = Path.Combine(_folder, "target");

        Assert.Equal(1, Invoke(new ExportVerb(), none, "--out", target));
        Assert.Equal(1, Invoke(new ImportVerb(), none, "--recipe", recipe, "--out", target));
        Assert.Equal(1, Invoke(new ImportVerb(), none, "--recipe", recipe, "--out", target, "--data", "mnist"));
        Assert.Equal(["none", "recipe.json"], Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Bench_prints_its_figures_as_one_json_object()
    {
        var recipe = WriteFile("recipe.json", """
            {"batchSize": 8, "encoder": {"width": 16, "depth": 1, "heads": 2}, "decoder": {"width": 16, "depth": 1, "heads": 2}, "device": "cpu"}
            """u8.ToArray());
        using var output = new StringWriter();

        Assert.Equal(0, new BenchVerb().Parse([recipe, "--steps", "2", "--threads", "1", "--json"]).Invoke(new() { Output = output }));
        var result = JsonSerializer.Deserialize<BenchResult>(output.ToString(), JsonDefaults.Options)!;
        Assert.Equal((2, 1), (result.Steps, result.Threads));
        Assert.True(result.ImagesPerSecond > 0 && result.StepMilliseconds.Median > 0 && result.MatmulPeakGigaflopsPerSecond > 0);

        Assert.Equal(1, Invoke(new BenchVerb(), "no-such-preset"));
        Assert.Equal(1, Invoke(new BenchVerb(), recipe, "--steps", "0"));
    }

    [Fact]
    public void Probe_prints_every_theory_probe_of_a_checkpoint_as_one_json_object()
    {
        var recipe = WriteFile("recipe.json", """
            {"dataset": {"name": "fashion-mnist-sample", "limit": 64}, "batchSize": 32, "encoder": {"width": 16, "depth": 1, "heads": 2}, "epochs": 1, "warmupEpochs": 0,
             "decoder": {"width": 16, "depth": 1, "heads": 2}, "evaluation": {"linearProbe": false, "knn": 0, "reconstructions": 0, "theory": "off"}, "device": "cpu"}
            """u8.ToArray());
        Assert.Equal(0, Invoke(new TrainVerb(), recipe, "--out", _folder, "--threads", "1"));
        using StringWriter output = new(), told = new();

        Assert.Equal(0, new ProbeVerb().Parse([Path.Combine(_folder, "checkpoint-2.safetensors"), "--threads", "1", "--json"]).Invoke(new() { Output = output, Error = told }));
        var probes = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("probes").EnumerateArray().ToList();
        Assert.Contains(SeriesNames.KernelRank, probes.Select(probe => probe.GetProperty("probe").GetString()));
        Assert.All(probes, probe => Assert.True(double.IsFinite(probe.GetProperty("value").GetDouble()) && probe.GetProperty("details").ValueKind == JsonValueKind.Object));
        Assert.StartsWith("1 of 9: ", told.ToString(), StringComparison.Ordinal);

        Assert.Equal(1, Invoke(new ProbeVerb(), WriteFile("none", [1, 2, 3])));
    }

    /// <summary>What a row is of, without its value.</summary>
    private static string Key(string row) => row[..row.LastIndexOf(',')];

    private static int Invoke(Command verb, params string[] arguments) => verb.Parse(arguments).Invoke();

    private string WriteFile(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
