namespace MaeLab.Web.Features.Report;

/// <summary>The style sheets that a report carries: its own, and the one of the parts that it has in common with the pages.</summary>
internal static class ReportStyle
{
    public static string Text { get; } = string.Concat(Read("report.css"), Read("statistics.css"));

    private static string Read(string name)
    {
        var resource = $"{typeof(ReportStyle).Namespace}.{name}";
        using var file = typeof(ReportStyle).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The resource {resource} is missing from the build; see EmbeddedResource in the project file of web.");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
