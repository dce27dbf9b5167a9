using System.Globalization;
using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Features.Run;

/// <summary>Where the points of a run are, over all its attempts.</summary>
/// <param name="Lost">Of attempts that are over: they went with their runner, and the attempt after it made them again.</param>
public sealed record RunLedger(long Produced, long Stored, long Spooled, long Dropped, long Lost)
{
    /// <returns>Null before the first points.</returns>
    public static RunLedger? Of(IEnumerable<AttemptSummary> attempts)
    {
        var known = attempts.Where(attempt => attempt.Points is not null).ToList();
        long Sum(Func<AttemptSummary, bool> which, Func<PointLedger, long> points) => known.Where(which).Sum(attempt => points(attempt.Points!));
        return known.Count == 0 ? null : new(
            Sum(_ => true, points => points.Produced),
            Sum(_ => true, points => points.Stored),
            Sum(attempt => attempt.EndedAt is null, points => points.Spooled),
            Sum(_ => true, points => points.Dropped),
            Sum(attempt => attempt.EndedAt is not null, points => points.Spooled));
    }

    public override string ToString()
    {
        var words = Produced == Stored
            ? Text($"All {Stored:#,0} points that were logged are stored.")
            : Text($"{Stored:#,0} of {Produced:#,0} points that were logged are stored.");
        words += Spooled > 0 ? Text($" {Spooled:#,0} wait in the runner's spool.") : "";
        words += Dropped > 0 ? Text($" {Dropped:#,0} were dropped: the database was away for longer than the runner had room for.") : "";
        return words + (Lost > 0 ? Text($" {Lost:#,0} were lost with their runner; the attempt after it makes them again.") : "");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
