using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Training;
using MaeLab.Testing.Ring;

namespace MaeLab.Benchmarks;

/// <summary>
/// Training steps against the same model in plain PyTorch (PyTorch/train_steps.py, with Debian's python3-torch and
/// libopenblas0-pthread), turn by turn on the same machine.
/// </summary>
public static class TorchBenchmark
{
    private const string Python = "/usr/bin/python3";
    private const int Rounds = 3;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var tiny = Presets.Find("tiny")!;
        var base16 = Presets.Find("base")! with { BatchSize = 8, Accumulation = 1 };
        foreach (var (name, recipe, channels, steps) in new[] { ("28 x 28, patch 4, 192 x 12, batch 128", tiny, 1, 6), ("224 x 224, patch 16, ViT-B, batch 8", base16, 3, 2) })
        {
            await using var single = await Plain.StartAsync(recipe, channels, cancellationToken);
            await using var half = await Plain.StartAsync(recipe with { Precision = Precision.Bf16 }, channels, cancellationToken);
            List<double> ours32 = [], ours16 = [], theirs32 = [], theirs16 = [], use32 = [], use16 = [];
            for (var round = 0; round < Rounds; round++)
            {
                theirs32.Add(await single.MedianStepAsync(steps, cancellationToken));
                var result = await BenchAsync(recipe, channels, steps, cancellationToken);
                (ours32, use32) = ([.. ours32, result.StepMilliseconds.Median], [.. use32, result.Utilisation]);
                theirs16.Add(await half.MedianStepAsync(steps, cancellationToken));
                result = await BenchAsync(recipe with { Precision = Precision.Bf16 }, channels, steps, cancellationToken);
                (ours16, use16) = ([.. ours16, result.StepMilliseconds.Median], [.. use16, result.Utilisation]);
            }

            Console.WriteLine($"{name} (ms a step, medians of {Rounds} rounds; PyTorch {single.Version})");
            Print("fp32", recipe, ours32, theirs32, use32);
            Print("bf16", recipe, ours16, theirs16, use16);
            Console.WriteLine(Invariant($"  bf16 here against fp32 in PyTorch: {Ratio(theirs32, ours16):F2} times as many images/s"));
        }
    }

    /// <summary>In a process of its own, with the heap that the stack's runners have (compose/Dockerfile), as PyTorch has one.</summary>
    private static async Task<BenchResult> BenchAsync(Recipe recipe, int channels, int steps, CancellationToken cancellationToken)
    {
        var output = await RunnerVerb.OutputAsync("bench", JsonSerializer.Serialize(recipe, JsonDefaults.Options), cancellationToken,
            "--channels", channels.ToString(CultureInfo.InvariantCulture), "--steps", steps.ToString(CultureInfo.InvariantCulture), "--json");
        return JsonSerializer.Deserialize<BenchResult>(output, JsonDefaults.Options)!;
    }

    private static void Print(string precision, Recipe recipe, List<double> ours, List<double> theirs, List<double> utilisation) =>
        Console.WriteLine(Invariant(
            $"  {precision}: MaeLab {Distribution.Median(ours):F0} ({1000 * recipe.BatchSize / Distribution.Median(ours):F1} images/s, {Distribution.Median(utilisation):P0} of the matrix product), PyTorch {Distribution.Median(theirs):F0}: {Ratio(theirs, ours):F2} times as many images/s"));

    /// <summary>Of rounds side by side, so that what else the machine does weighs on both.</summary>
    private static double Ratio(List<double> theirs, List<double> ours) => Distribution.Median([.. theirs.Zip(ours, (them, us) => them / us)]);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The Python process; it waits between the turns.</summary>
    private sealed class Plain(Process process, string version) : IAsyncDisposable
    {
        public string Version => version;

        public static async Task<Plain> StartAsync(Recipe recipe, int channels, CancellationToken cancellationToken)
        {
            var start = new ProcessStartInfo(Python) { RedirectStandardInput = true, RedirectStandardOutput = true };
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "PyTorch", "train_steps.py"));
            foreach (var (name, value) in new (string, IFormattable)[]
            {
                ("image", recipe.ImageSize), ("channels", channels), ("patch", recipe.PatchSize), ("batch", recipe.BatchSize),
                ("width", recipe.Encoder.Width), ("depth", recipe.Encoder.Depth), ("heads", recipe.Encoder.Heads),
                ("decoder-width", recipe.Decoder.Width), ("decoder-depth", recipe.Decoder.Depth), ("decoder-heads", recipe.Decoder.Heads),
                ("mask-ratio", recipe.MaskRatio), ("threads", Environment.ProcessorCount),
            })
            {
                start.ArgumentList.Add($"--{name}");
                start.ArgumentList.Add(value.ToString(null, CultureInfo.InvariantCulture));
            }

            if (recipe.Precision == Precision.Bf16)
            {
                start.ArgumentList.Add("--bf16");
            }

            var process = Process.Start(start) ?? throw new InvalidOperationException($"{Python} did not start.");
            var hello = await process.StandardOutput.ReadLineAsync(cancellationToken)
                ?? throw new InvalidOperationException($"No PyTorch: install Debian's python3-torch and libopenblas0-pthread ({Python} stopped at its first line).");
            var plain = new Plain(process, JsonDocument.Parse(hello).RootElement.GetProperty("torch").GetString()!);
            await plain.MedianStepAsync(steps: 2, cancellationToken);
            return plain;
        }

        public async Task<double> MedianStepAsync(int steps, CancellationToken cancellationToken)
        {
            await process.StandardInput.WriteLineAsync($$"""{"steps": {{steps}}}""".AsMemory(), cancellationToken);
            await process.StandardInput.FlushAsync(cancellationToken);
            var answer = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("PyTorch stopped in the middle.");
            return Distribution.Median([.. JsonDocument.Parse(answer).RootElement.GetProperty("ms").EnumerateArray().Select(step => step.GetDouble())]);
        }

        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
