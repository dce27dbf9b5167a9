using System.Diagnostics;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;

namespace MaeLab.Benchmarks.Ring;

/// <summary>From the start of the one-process program with --open until the study that comes with it, and its matrix, is drawn in a browser that is there already.</summary>
public static class OpenBenchmark
{
    private const int Repetitions = 5;
    private const string Study = "studies/mask-ratio-by-patch-size";

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var chromium = new Chromium();
        var (listening, listed, drawn) = (new List<double>(), new List<double>(), new List<double>());
        for (var repetition = 0; repetition <= Repetitions; repetition++)
        {
            var began = Stopwatch.GetTimestamp();
            var port = FreePorts.Find(1);
            await using var program = ServiceProcess.Start(Programs.Local, port, new Dictionary<string, string>(), "--open", Study, "--urls", $"http://127.0.0.1:{port}");
            var door = await program.OpenDoorAsync(cancellationToken);
            var open = Stopwatch.GetElapsedTime(began);
            await using var browser = await chromium.OpenAsync(door);
            await browser.GoAsync("/");
            var experiment = browser.Page.Locator("h2 a[href^='/experiments/']").First;
            await experiment.WaitForAsync();
            var list = Stopwatch.GetElapsedTime(began);
            await experiment.ClickAsync();
            await browser.Page.Locator("[data-testid=matrix-cell]").First.WaitForAsync();
            if (repetition > 0) // the first one starts Chromium
            {
                listening.Add(open.TotalMilliseconds);
                listed.Add(list.TotalMilliseconds);
                drawn.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        Distribution.Print("shipped study, process start to the link", listening);
        Distribution.Print("process start to the first page, the list of experiments", listed);
        Distribution.Print("process start to the drawn matrix, by a click on that page", drawn);
    }
}
