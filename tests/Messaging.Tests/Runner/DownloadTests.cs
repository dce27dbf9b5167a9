using System.Security.Cryptography;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Runner.Downloads;

namespace MaeLab.Messaging.Tests.Runner;

public sealed class DownloadTests : IAsyncLifetime
{
    private readonly FileServer _server = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("maelab-download-").FullName;
    private readonly HttpClient _http = new();
    private readonly List<string> _said = [];
    private readonly byte[] _content = [.. Enumerable.Range(0, 300_000).Select(n => (byte)(n * 31 >> 3))];

    private string Target => Path.Combine(_folder, "file.gz");

    private string Part => Target + ".part";

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        _server.Files["file.gz"] = _content;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task File_arrives_whole_and_alone()
    {
        await GetAsync();

        AssertArrived();
        Assert.Equal([""], _server.Ranges);
    }

    [Fact]
    public async Task Cut_connection_is_taken_up_where_it_was_cut()
    {
        _server.Cut = (100_000, 2);

        await GetAsync();

        AssertArrived();
        Assert.Equal(["", "bytes=100000-", "bytes=200000-"], _server.Ranges);
    }

    [Fact]
    public async Task Download_that_gave_up_is_taken_up_by_the_next_call()
    {
        // Nothing comes any more after the first answer.
        _server.Cut = (100_000, 1);
        var cut = new DownloadProgress(100_000, 300_000);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Download(progress => { if (progress == cut) { stop.Cancel(); } }).RunAsync(new(_server.Address, "file.gz"), Target, Md5(_content), stop.Token));
        Assert.Equal(_content[..100_000], await File.ReadAllBytesAsync(Part, TestContext.Current.CancellationToken));

        await GetAsync();

        AssertArrived();
        Assert.Equal("bytes=100000-", _server.Ranges[^1]);
    }

    [Fact]
    public async Task Server_that_cuts_for_ever_is_given_up_and_what_came_is_kept()
    {
        _server.Cut = (0, int.MaxValue);
        await File.WriteAllBytesAsync(Part, _content[..5], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Part + ".version", _server.Tag, TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<DownloadFailedException>(() => GetAsync());

        Assert.Contains($"5 bytes are kept in {Part}; the same command goes on from there.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, _server.Ranges.Count);
    }

    [Theory]
    [InlineData("\"2\"", true)]
    [InlineData(null, true)]
    [InlineData("W/\"1\"", true)]
    [InlineData("\"1\"", false)]
    public async Task Other_version_or_a_server_without_ranges_begins_anew(string? tag, bool knowsRanges)
    {
        await File.WriteAllBytesAsync(Part, new byte[1000], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Part + ".version", "\"1\"", TestContext.Current.CancellationToken);
        (_server.Tag, _server.KnowsRanges) = (tag, knowsRanges);

        await GetAsync();

        AssertArrived();
    }

    [Fact]
    public async Task Part_of_an_unknown_version_is_not_continued()
    {
        await File.WriteAllBytesAsync(Part, new byte[1000], TestContext.Current.CancellationToken);

        await GetAsync();

        AssertArrived();
        Assert.Equal([""], _server.Ranges);
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(300_001)]
    public async Task Part_that_is_as_long_as_the_file_or_longer_is_dealt_with(int length)
    {
        await File.WriteAllBytesAsync(Part, [.. _content, .. new byte[length - 300_000]], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Part + ".version", _server.Tag, TestContext.Current.CancellationToken);

        await GetAsync();

        AssertArrived();
        Assert.Equal(length == 300_000 ? 1 : 2, _server.Ranges.Count);
    }

    [Fact]
    public async Task Wrong_content_is_told_and_removed()
    {
        var failure = await Assert.ThrowsAsync<DownloadFailedException>(() => GetAsync(md5: new string('0', 32)));

        Assert.Contains($"expected MD5 {new string('0', 32)}, found {Md5(_content)}", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Missing_file_is_told_with_its_address()
    {
        _server.Files.Clear();

        var failure = await Assert.ThrowsAsync<DownloadFailedException>(() => GetAsync());

        Assert.Contains($"{_server.Address}file.gz: the server answers 404 Not Found", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Server_that_is_not_there_is_told_with_its_address()
    {
        var address = new Uri("http://127.0.0.1:1/file.gz");

        var failure = await Assert.ThrowsAsync<DownloadFailedException>(() => Download().RunAsync(address, Target, "", TestContext.Current.CancellationToken));

        Assert.StartsWith("http://127.0.0.1:1/file.gz: Connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idx_files_land_under_the_names_that_the_engine_looks_for()
    {
        var dataset = Served(DatasetDownload.All.Single(known => known.Name == Datasets.FashionMnist.Name));

        await DownloadAllAsync(dataset);
        await DownloadAllAsync(dataset);

        Assert.Contains(Datasets.FashionMnist, Offered(dataset.Name));
        // The second call finds everything there.
        Assert.Equal(4, _server.Ranges.Count);
        Assert.Contains("t10k-labels-idx1-ubyte.gz: there already", _said);
    }

    [Fact]
    public async Task Archive_is_unpacked_by_the_names_of_its_files_wherever_it_wants_them()
    {
        var archive = TarGz.Pack("../../outside/train.bin", "cifar-100-binary/fine_label_names.txt", "/cifar-100-binary/test.bin");
        var dataset = Served(DatasetDownload.All.Single(known => known.Name == Datasets.Cifar100.Name), archive);

        await DownloadAllAsync(dataset);
        await DownloadAllAsync(dataset);

        Assert.Equal(["test.bin", "train.bin"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("/cifar-100-binary/test.bin", await File.ReadAllTextAsync(Path.Combine(_folder, "test.bin"), TestContext.Current.CancellationToken));
        Assert.Contains(Datasets.Cifar100, Offered(dataset.Name));
        Assert.Single(_server.Ranges);
    }

    [Fact]
    public async Task Archive_without_a_file_or_no_archive_is_told()
    {
        var cifar = DatasetDownload.All.Single(known => known.Name == Datasets.Cifar100.Name);

        var lacking = await Assert.ThrowsAsync<DownloadFailedException>(() => DownloadAllAsync(Served(cifar, TarGz.Pack("a/train.bin"))));
        Assert.EndsWith("expected the file test.bin in this archive; it is not there.", lacking.Message, StringComparison.Ordinal);

        var damaged = await Assert.ThrowsAsync<DownloadFailedException>(() => DownloadAllAsync(Served(cifar, _content)));
        Assert.Contains("cannot be unpacked", damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_known_data_set_but_the_embedded_one_can_be_downloaded() =>
        Assert.Equal(Datasets.Known.Except([Datasets.FashionMnistSample]).Select(info => info.Name).Order(), DatasetDownload.All.Select(dataset => dataset.Name).Order());

    /// <summary>The same data set as this server has it: with the content, and so the checksums, of the test.</summary>
    private DatasetDownload Served(DatasetDownload dataset, byte[]? content = null)
    {
        foreach (var file in dataset.Files)
        {
            _server.Files[file.Name] = content ?? _content;
        }

        return dataset with { Address = _server.Address, Files = [.. dataset.Files.Select(file => file with { Md5 = Md5(content ?? _content) })] };
    }

    private IReadOnlyList<DatasetInfo> Offered(string name) => new DatasetLocator(new Dictionary<string, string> { [name] = _folder }).Offered();

    private Task DownloadAllAsync(DatasetDownload dataset) =>
        new DatasetDownloader(Download(), _said.Add).RunAsync(dataset, _folder, TestContext.Current.CancellationToken);

    private Task GetAsync(string? md5 = null) =>
        Download().RunAsync(new(_server.Address, "file.gz"), Target, md5 ?? Md5(_content), TestContext.Current.CancellationToken);

    private ResumableDownload Download(Action<DownloadProgress>? report = null) => new(_http, pause: TimeSpan.Zero, new Reporter(progress =>
    {
        _server.Arrived(progress.Bytes);
        report?.Invoke(progress);
    }));

    private void AssertArrived()
    {
        Assert.Equal(_content, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

#pragma warning disable CA5351 // The checksum that data sets are published with.
    private static string Md5(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351

    /// <summary>Reports at once, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Reporter(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => report(value);
    }
}
