namespace MaeLab.Web.Browser;

/// <summary>Addresses of the pages and of what they link to; built here and nowhere else.</summary>
public static class Urls
{
    public const string Experiments = "/";
    public const string NewExperiment = "/experiments/new";
    public const string Runs = "/runs";
    public const string Runners = "/runners";
    public const string Theory = "/theory";
    public const string Webhooks = "/webhooks";
    public const string SignIn = "/sign-in";
    public const string SignInByProvider = "/sign-in/provider";
    public const string SignOut = "/sign-out";
    public const string Account = "/account";
    public const string Tokens = "/tokens";
    public const string Users = "/users";
    public const string Audit = "/audit";

    /// <param name="entry">The last one of the page before.</param>
    public static string AuditBefore(Guid entry) => $"{Audit}?before={entry}";

    /// <param name="returnUrl">Where they go from there.</param>
    public static string SignInBy(string? returnUrl) => SignInByProvider + Query([("returnUrl", returnUrl)]);

    /// <param name="problem">Why they were not signed in.</param>
    public static string SignInAfter(string problem) => SignIn + Query([("problem", problem)]);

    /// <returns>Where somebody wanted to go before they signed in; never to another site.</returns>
    public static string Local(string? address) =>
        address is ['/', ..] && !address.StartsWith("//", StringComparison.Ordinal) && !address.Contains('\\') && !address.Any(char.IsControl) ? address : Experiments;

    public static string Experiment(Guid id) => $"/experiments/{id}";

    /// <param name="question">Its word.</param>
    public static string TheoryOf(string question) => $"{Theory}#{question}";

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

    /// <param name="checkpoints">Which of them come along, as the word of the API.</param>
    public static string ExperimentArchive(Guid id, string checkpoints) => $"/api/v1/experiments/{id}/archive?checkpoints={checkpoints}";

    /// <param name="format">As a word of the API.</param>
    public static string ExperimentMetrics(Guid id, string format) => $"/api/v1/experiments/{id}/metrics/export?format={format}";

    /// <inheritdoc cref="ExperimentMetrics"/>
    public static string RunMetrics(Guid id, string format) => $"/api/v1/runs/{id}/metrics/export?format={format}";

    /// <param name="value">Which value of the metric, as words of the API.</param>
    public static string ExperimentExport(
        Guid id, string format, string metric, string? rows, string? columns, IReadOnlyDictionary<string, string> held, IEnumerable<(string Name, string Value)> value) =>
        $"/api/v1/experiments/{id}/export" + Query([("format", format), .. MatrixParts(metric, rows, columns, held, value)]);

    /// <inheritdoc cref="ExperimentExport"/>
    public static string ExperimentReport(
        Guid id, string metric, string? rows, string? columns, IReadOnlyDictionary<string, string> held, IEnumerable<(string Name, string Value)> value) =>
        $"/api/v1/experiments/{id}/report" + Query(MatrixParts(metric, rows, columns, held, value));

    /// <param name="against">Index of the cell to compare with; null: the baseline.</param>
    /// <inheritdoc cref="ExperimentExport"/>
    public static string ComparisonExport(Guid id, string format, string metric, IEnumerable<(string Name, string Value)> value, string? against) =>
        $"/api/v1/experiments/{id}/comparisons/export" + Query([("format", format), ("metric", metric), .. value, ("against", against)]);

    private static IEnumerable<(string Name, string? Value)> MatrixParts(
        string metric, string? rows, string? columns, IReadOnlyDictionary<string, string> held, IEnumerable<(string Name, string Value)> value) =>
        [("metric", metric), .. value, ("rows", rows), ("columns", columns), .. held.Select(level => ("fixed", (string?)$"{level.Key}:{level.Value}"))];

    private static string Query(IEnumerable<(string Name, string? Value)> parts) =>
        "?" + string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
}
