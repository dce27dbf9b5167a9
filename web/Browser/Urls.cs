namespace MaeLab.Web.Browser;

/// <summary>Addresses of the pages and of what they link to; built here and nowhere else.</summary>
public static class Urls
{
    public const string Experiments = "/";
    public const string NewExperiment = "/experiments/new";
    public const string Runs = "/runs";
    public const string Runners = "/runners";

    public static string Experiment(Guid id) => $"/experiments/{id}";

    public static string Run(Guid id) => $"/runs/{id}";

    public static string RunsOf(Guid experimentId) => $"/runs?experiment={experimentId}";

    /// <param name="query">Of a saved view, without the question mark.</param>
    public static string RunsView(string query) => query.Length > 0 ? $"{Runs}?{query}" : Runs;

    public static string RunsTagged(string tag) => $"{Runs}?tag={Uri.EscapeDataString(tag)}";

    public static string RunDiff(IEnumerable<Guid> runIds) => $"{Runs}/diff?{string.Join('&', runIds.Select(id => $"run={id}"))}";

    public static string CloneRun(Guid id) => $"{NewExperiment}?run={id}";

    public static string CheckpointContent(Guid id) => $"/api/v1/checkpoints/{id}/content";

    public static string ImageContent(Guid id) => $"/api/v1/images/{id}/content";

    public static string CloneExperiment(Guid id) => $"{NewExperiment}?from={id}";

    public static string ExperimentExport(
        Guid id, string format, string metric, string? rows, string? columns, IReadOnlyDictionary<string, string> held)
    {
        var query = new List<(string Name, string Value)> { ("format", format), ("metric", metric) };
        if (rows is not null)
        {
            query.Add(("rows", rows));
        }

        if (columns is not null)
        {
            query.Add(("columns", columns));
        }

        query.AddRange(held.Select(level => ("fixed", $"{level.Key}:{level.Value}")));
        return $"/api/v1/experiments/{id}/export?{string.Join('&', query.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"))}";
    }
}
