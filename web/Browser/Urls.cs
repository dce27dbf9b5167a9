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

    public static string CheckpointContent(Guid id) => $"/api/v1/checkpoints/{id}/content";

    public static string ImageContent(Guid id) => $"/api/v1/images/{id}/content";

    public static string ExperimentExport(Guid id, string format) => $"/api/v1/experiments/{id}/export?format={format}";
}
