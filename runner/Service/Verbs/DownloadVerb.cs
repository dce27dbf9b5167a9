using System.CommandLine;
using System.Runtime.InteropServices;
using MaeLab.Engine.Data;
using MaeLab.Runner.Downloads;

namespace MaeLab.Runner.Verbs;

/// <summary><c>download NAME [--out DIR] [--url BASE]</c>: gets a well-known data set; Ctrl-C leaves what has come to go on from.</summary>
internal sealed class DownloadVerb : Command
{
    private readonly Argument<string> _name = new Argument<string>("NAME") { Description = $"One of {string.Join(", ", Names)}." }.AcceptOnlyFromAmong([.. Names]);

    private readonly Option<DirectoryInfo?> _out = new("--out")
    {
        Description = $"Folder for its files; by default where runners look for it, in {DatasetLocator.DownloadFolder}.",
        HelpName = "DIR",
    };

    private readonly Option<Uri?> _url = new("--url")
    {
        Description = "Where its files are, instead of their usual place.",
        HelpName = "BASE",
        CustomParser = argument =>
        {
            if (Uri.TryCreate(argument.Tokens[0].Value.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return address;
            }

            argument.AddError("--url: write an address that begins with http:// or https://.");
            return null;
        },
    };

    public DownloadVerb()
        : base("download", "Get a well-known data set, checked; goes on where an earlier attempt was cut off.")
    {
        Add(_name);
        Add(_out);
        Add(_url);
        SetAction(RunAsync);
    }

    private static IEnumerable<string> Names => DatasetDownload.All.Select(dataset => dataset.Name);

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        var dataset = DatasetDownload.All.Single(known => known.Name == arguments.GetRequiredValue(_name));
        dataset = dataset with { Address = arguments.GetValue(_url) ?? dataset.Address };
        var chosen = arguments.GetValue(_out)?.FullName;
        var folder = chosen ?? Path.Combine(DatasetLocator.DownloadFolder, dataset.Name);
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var output = arguments.InvocationConfiguration.Output;
        var downloader = new DatasetDownloader(new(http, TimeSpan.FromSeconds(2), new ProgressLine(output)), output.WriteLine);
        try
        {
            await downloader.RunAsync(dataset, folder, stop.Token);
            await output.WriteLineAsync(chosen is null
                ? $"{dataset.Name} is in {folder}, where runners of this user find it."
                : $"{dataset.Name} is in {folder}. Runners find it by the setting Runner:{nameof(RunnerOptions.DataFolders)}:{dataset.Name}={folder}, the verb train by --data {dataset.Name}={folder}.");
            return 0;
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync("Stopped; the same command goes on from here.");
            return 130;
        }
        catch (Exception failed) when (failed is DownloadFailedException or IOException or UnauthorizedAccessException)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync(failed.Message);
            return 1;
        }
    }

    /// <summary>A line every few percent, or every 16 MB where the end is not known: readable in a log too.</summary>
    private sealed class ProgressLine(TextWriter output) : IProgress<DownloadProgress>
    {
        private const long Unit = 1 << 24;
        private long _said;

        public void Report(DownloadProgress value)
        {
            var now = value.Total is > 0 and var total ? 20 * value.Bytes / total : value.Bytes / Unit;
            if (now != _said)
            {
                output.WriteLine(FormattableString.Invariant($"  {value.Bytes / 1e6:0.0} MB{(value.Total is { } all ? $" of {all / 1e6:0.0}" : "")}"));
                _said = now;
            }
        }
    }
}
