using System.Globalization;

namespace MaeLab.Web.Tests.Api;

public sealed class ExportTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Csv_has_a_line_a_cell_with_all_its_numbers()
    {
        var known = await KnownMatrix.AddToAsync(host, Cancel);

        var (type, name, text) = await DownloadAsync(known, "csv");

        Assert.Equal("text/csv", type);
        Assert.Equal($"maelab-{known.Id}.csv", name);
        var lines = text.Split("\r\n");
        Assert.Equal("patchSize,maskRatio,metric,n,mean,std,ci_low,ci_high,state,run_ids", lines[0]);
        var first = lines[1].Split(',');
        Assert.Equal(["4", "0.5", KnownMatrix.Metric, "3"], first[..4]);
        Assert.Equal([0.72, 0.02, 0.670317, 0.769683], first[4..8].Select(number => Math.Round(double.Parse(number, CultureInfo.InvariantCulture), 6)));
        Assert.Equal(["completed", string.Join(' ', known.RunIds.Take(3))], first[8..]);
        Assert.Equal($"4,0.75,{KnownMatrix.Metric},1,0.5,,,,running,{string.Join(' ', known.RunIds.Skip(6).Take(3))}", lines[2]);
        Assert.Equal($"7,0.75,{KnownMatrix.Metric},0,,,,,queued,{string.Join(' ', known.RunIds.Skip(9))}", lines[4]);
        Assert.Equal(["", "6 lines"], [lines[5], $"{lines.Length} lines"]);
    }

    [Fact]
    public async Task Latex_is_a_booktabs_table_that_says_where_its_numbers_come_from()
    {
        var known = await KnownMatrix.AddToAsync(host, Cancel);

        var (type, name, text) = await DownloadAsync(known, "latex");

        Assert.Equal("application/x-tex", type);
        Assert.Equal($"maelab-{known.Id}.tex", name);
        Assert.Contains("\\toprule", text, StringComparison.Ordinal);
        Assert.Contains("Known \\& 100 \\% sure", text, StringComparison.Ordinal);
        Assert.Contains("    4 & $0.7200 \\pm 0.0497$ & $0.5000$ \\\\", text, StringComparison.Ordinal);
        Assert.Contains("    7 & $0.6100 \\pm 0.1271$ & -- \\\\", text, StringComparison.Ordinal);
        Assert.Contains(
            $"% Patch size 4, Mask ratio 0.5: n = 3, completed; runs {string.Join(' ', known.RunIds.Take(3))}{Environment.NewLine}", text, StringComparison.Ordinal);
        Assert.Contains("% Patch size 4, Mask ratio 0.75: n = 1, running (provisional); runs ", text, StringComparison.Ordinal);
        Assert.Equal(text.Split('{').Length, text.Split('}').Length);
    }

    private async Task<(string? Type, string? Name, string Text)> DownloadAsync(KnownMatrix known, string format)
    {
        using var response = await host.Http.GetAsync(
            $"api/v1/experiments/{known.Id}/export?format={format}&metric={KnownMatrix.Metric}&rows=patchSize&columns=maskRatio", Cancel);
        response.EnsureSuccessStatusCode();
        var headers = response.Content.Headers;
        return (headers.ContentType?.MediaType, headers.ContentDisposition?.FileName, await response.Content.ReadAsStringAsync(Cancel));
    }
}
