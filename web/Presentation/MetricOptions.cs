namespace MaeLab.Web.Presentation;

/// <summary>Series for a choice among metrics.</summary>
public static class MetricOptions
{
    /// <param name="names">Of all series; those that others are drawn against say nothing by themselves.</param>
    /// <param name="chosen">Offered in any case.</param>
    public static IEnumerable<KeyValuePair<string, string>> Of(IEnumerable<string> names, string chosen) =>
        names.Where(name => !name.StartsWith("progress/", StringComparison.Ordinal)).Union([chosen])
            .Select(name => KeyValuePair.Create(name, MetricInfo.Of(name).Label));
}
