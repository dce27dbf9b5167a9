using System.Text;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace MaeLab.Web.Features.Report;

/// <summary>A report as one file of HTML: everything is in it, and it asks nobody for anything.</summary>
public sealed class ReportFile(IServiceProvider services, ILoggerFactory loggers)
{
    public const string ContentType = "text/html";

    public async Task<byte[]> WriteAsync(ExperimentReport report)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<ReportDocument>(
            ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(ReportDocument.Report)] = report }))).ToHtmlString());
        return Encoding.UTF8.GetBytes(html);
    }

    /// <summary>"mask-ratio-x-patch-size_report.html".</summary>
    public static string NameOf(ExperimentReport report) => $"{FileNames.Of(report.View.Experiment.Name, "report")}.html";
}
