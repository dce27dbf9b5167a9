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
        Assert.Equal("patchSize,maskRatio,metric,value,n,mean,std,ci_low,ci_high,state,baseline,seconds,visible_tokens,run_ids", lines[0]);
        var first = lines[1].Split(',');
        Assert.Equal(["4", "0.5", KnownMatrix.Metric, "last value", "3"], first[..5]);
        Assert.Equal([0.72, 0.02, 0.670317, 0.769683], first[5..9].Select(number => Math.Round(double.Parse(number, CultureInfo.InvariantCulture), 6)));
        Assert.Equal(["completed", "no", "114"], first[9..12]);
        Assert.Equal(string.Join(' ', known.RunIds.Take(3)), first[13]);
        Assert.StartsWith($"4,0.75,{KnownMatrix.Metric},last value,1,0.5,,,,running,yes,", lines[2], StringComparison.Ordinal);
        Assert.Equal($"7,0.75,{KnownMatrix.Metric},last value,0,,,,,queued,no,,,{string.Join(' ', known.RunIds.Skip(9))}", lines[4]);
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
        Assert.Contains("    4 & $0.7200 \\pm 0.0497^{\\mathrm{a}}$ & $0.5000^{\\dagger\\mathrm{b}}$ \\\\", text, StringComparison.Ordinal);
        Assert.Contains("    7 & $0.6100 \\pm 0.1271^{\\mathrm{c}}$ & -- \\\\", text, StringComparison.Ordinal);
        Assert.Contains(
            $"% Patch size 4, Mask ratio 0.5: n = 3, completed; runs {string.Join(' ', known.RunIds.Take(3))}{Environment.NewLine}", text, StringComparison.Ordinal);
        Assert.Contains($"Runs of experiment \\texttt{{{known.Id}}}, by their place in it: $^\\mathrm{{a}}$ 0--2; $^\\mathrm{{b}}$ 6--8; $^\\mathrm{{c}}$ 3--5.", text, StringComparison.Ordinal);
        Assert.Contains("% Patch size 4, Mask ratio 0.75: n = 1, running (provisional); runs ", text, StringComparison.Ordinal);
        Assert.Equal(text.Split('{').Length, text.Split('}').Length);
    }

    [Fact]
    public async Task Latex_marks_what_differs_from_the_baseline()
    {
        var id = await ComparedCells.AddToAsync(host, Cancel);

        var (_, _, text) = await DownloadAsync($"{id}/export?format=latex&metric={ComparedCells.Metric}");

        Assert.Contains("^{\\dagger\\mathrm{b}}$", text, StringComparison.Ordinal);
        Assert.Contains("$71.0 \\pm 2.0^{*\\mathrm{a}}$", text, StringComparison.Ordinal);
        Assert.Contains("Holm-corrected over 1 comparison,", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comparisons_are_had_as_csv()
    {
        var id = await ComparedCells.AddToAsync(host, Cancel);

        var (type, name, text) = await DownloadAsync($"{id}/comparisons/export?format=csv&metric={ComparedCells.Metric}");

        Assert.Equal(("text/csv", $"maelab-{id}-comparisons.csv"), (type, name));
        var lines = text.Split("\r\n");
        Assert.StartsWith("cell,maskRatio,metric,value,n,mean,pairs,difference,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"1,0.75,{ComparedCells.Metric},last value,8,0.75,,,,,,,,,,reference,,", lines[1], StringComparison.Ordinal);
        var worse = lines[2].Split(',');
        Assert.Equal(["0", "0.5", ComparedCells.Metric, "last value", "8"], worse[..5]);
        Assert.Equal([0.71, 8, -0.04], worse[5..8].Select(number => Math.Round(double.Parse(number, CultureInfo.InvariantCulture), 12)));
        Assert.Contains(",worse,,", lines[2], StringComparison.Ordinal);
        Assert.Contains(",not enough seeds,7,", lines[3], StringComparison.Ordinal);
        Assert.All(lines[..4], line => Assert.Equal(18, line.Split(',').Length));
    }

    [Fact]
    public async Task Comparisons_are_had_as_a_booktabs_table()
    {
        var id = await ComparedCells.AddToAsync(host, Cancel);

        var (type, _, text) = await DownloadAsync($"{id}/comparisons/export?format=latex&metric={ComparedCells.Metric}");

        Assert.Equal("application/x-tex", type);
        Assert.Contains("Mask ratio 0.75$^\\mathrm{a}$ & $75.0 \\pm 0.0$ & & & & & & baseline \\\\", text, StringComparison.Ordinal);
        Assert.Contains("& 8 & $-4.0 \\pm 2.0$ & $0.002$ & $0.008$ & ", text, StringComparison.Ordinal);
        Assert.Contains("& worse$^*$ \\\\", text, StringComparison.Ordinal);
        Assert.Contains("& not enough seeds (needs 7) \\\\", text, StringComparison.Ordinal);
        Assert.Equal(text.Split('{').Length, text.Split('}').Length);
    }

    private Task<(string? Type, string? Name, string Text)> DownloadAsync(KnownMatrix known, string format) =>
        DownloadAsync($"{known.Id}/export?format={format}&metric={KnownMatrix.Metric}&rows=patchSize&columns=maskRatio");

    private async Task<(string? Type, string? Name, string Text)> DownloadAsync(string address)
    {
        using var response = await host.Http.GetAsync($"api/v1/experiments/{address}", Cancel);
        response.EnsureSuccessStatusCode();
        var headers = response.Content.Headers;
        return (headers.ContentType?.MediaType, headers.ContentDisposition?.FileName, await response.Content.ReadAsStringAsync(Cancel));
    }
}
