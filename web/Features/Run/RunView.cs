namespace MaeLab.Web.Features.Run;

/// <summary>All that the page of a run shows at one moment, its curves excepted.</summary>
public sealed record RunView(
    RunDetail Run, IReadOnlyList<ImageSummary> Images, IReadOnlyList<ClassificationSummary> Classifications, IReadOnlyList<CheckpointSummary> Checkpoints, IReadOnlyList<LogLine> Log);
