using MaeLab.Web.Features.Theory;

namespace MaeLab.Web.Features.Run;

/// <summary>All that the page of a run shows at one moment, its curves excepted.</summary>
/// <param name="Jobs">That examine the run.</param>
/// <param name="Found">By a job, where the run is one.</param>
public sealed record RunView(
    RunDetail Run, IReadOnlyList<ImageSummary> Images, IReadOnlyList<ClassificationSummary> Classifications, IReadOnlyList<CheckpointSummary> Checkpoints, IReadOnlyList<LogLine> Log,
    IReadOnlyList<TheoryJob> Jobs, IReadOnlyList<TheoryJobResult> Found);
