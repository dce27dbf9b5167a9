namespace MaeLab.Web.Features.Run;

/// <summary>Under what heading a chart of a run stands, in their order.</summary>
internal enum RunChartGroup
{
    /// <summary>What the page is opened for: without a heading.</summary>
    Training,
    Theory,
    System,
}
