using MaeLab.Storage.Model;

namespace MaeLab.Storage.Metrics;

/// <summary>One series of a run and where it is stored.</summary>
/// <param name="Stored">Its own row; or those of the jobs that found it, in rising order of the checkpoints they examined.</param>
internal sealed record RunSeries(Guid RunId, string Name, IReadOnlyList<SeriesRow> Stored);
