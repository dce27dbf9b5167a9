using System.Diagnostics;
using MaeLab.Domain.Runs;
using MaeLab.Testing;
using MaeLab.Web.Tests.Sample;

namespace MaeLab.Web.Tests.Api;

/// <summary>Names that mean something to LaTeX, as JSON: what an author pastes must come out as a table.</summary>
public sealed class LatexTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private const string Compiler = "/usr/bin/pdflatex";

    private const string Hostile =
        """{"name":"100 % & $5 #1 a_b {x} ~ ^ \\end{document} \"q\" <b> | é × ± – 掩码 \\input{x}","preset":"nano","axes":{"maskSampler":["random","block"],"maskRatio":[0.5,0.75],"seed":[0,1,2]}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("export")]
    [InlineData("comparisons/export")]
    public async Task Nothing_in_a_name_is_a_command(string table)
    {
        var text = await TableAsync(table);

        Assert.Contains(
            """100 \% \& \$5 \#1 a\_b \{x\} \textasciitilde{} \textasciicircum{} \textbackslash{}end\{document\} ''q'' \textless{}b\textgreater{} \textbar{} é $\times$ $\pm$ -- ?? \textbackslash{}input\{x\}""",
            text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("export")]
    [InlineData("comparisons/export")]
    public async Task Table_is_set_by_latex(string table)
    {
        if (!File.Exists(Compiler))
        {
            Prerequisite.Missing($"There is no {Compiler}: apt-get install --no-install-recommends texlive-latex-base texlive-latex-recommended.");
        }

        var folder = Directory.CreateTempSubdirectory("maelab-latex-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "paper.tex"),
                $"\\documentclass{{article}}\n\\usepackage{{booktabs}}\n\\begin{{document}}\n{await TableAsync(table)}\n\\end{{document}}\n", Cancel);
            using var latex = Process.Start(new ProcessStartInfo(Compiler, ["-halt-on-error", "-interaction=nonstopmode", "paper.tex"])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
            })!;
            var said = await latex.StandardOutput.ReadToEndAsync(Cancel);
            await latex.WaitForExitAsync(Cancel);

            Assert.True(latex.ExitCode == 0, said);
            Assert.DoesNotContain("undefined", said, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(folder.FullName, "paper.pdf")), said);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<string> TableAsync(string table)
    {
        var (id, runIds) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel, Hostile);
        foreach (var (run, index) in runIds.Select((run, index) => (run, index)))
        {
            await SamplePoints.WriteAsync(host.Database.Contexts, run, KnownMatrix.Metric, [(1, 0.5 + (0.01 * index))], Cancel);
        }

        return await host.Http.GetStringAsync($"api/v1/experiments/{id}/{table}?format=latex&metric={KnownMatrix.Metric}", Cancel);
    }
}
