namespace MaeLab.Storage.Metrics;

/// <summary>
/// Which points of a series count when several attempts wrote it. An attempt counts up to the step from which a later one
/// was restored, and never past the first point that a later one wrote (which may have been restored from an older
/// checkpoint than planned, because the newest was damaged). The SQL view metric_points keeps the same rule.
/// </summary>
internal static class AttemptCuts
{
    /// <param name="chunks">All chunks of one series, by attempt and first step.</param>
    /// <param name="restoreSteps">By attempt number: the step it started from.</param>
    /// <param name="through">Points past this step do not count at all.</param>
    /// <returns>The chunks that count, in rising order of steps, each with the last step up to which it does.</returns>
    public static List<(StoredChunk Chunk, long Through)> Apply(
        ReadOnlySpan<StoredChunk> chunks, IReadOnlyDictionary<int, long> restoreSteps, long through)
    {
        var counted = new List<(StoredChunk, long)>(chunks.Length);
        var attempt = Math.Max(restoreSteps.Keys.DefaultIfEmpty().Max(), chunks.IsEmpty ? 0 : chunks[^1].Attempt);
        var next = chunks.Length - 1;

        // From the newest attempt back to the first, each one cutting those before it.
        for (; next >= 0; attempt--)
        {
            var (limit, beforeFirst) = (through, through);
            for (; next >= 0 && chunks[next].Attempt == attempt; next--)
            {
                beforeFirst = chunks[next].Summary.FirstStep - 1;
                if (beforeFirst < limit)
                {
                    counted.Add((chunks[next], limit));
                }
            }

            through = Math.Min(Math.Min(through, beforeFirst), restoreSteps.GetValueOrDefault(attempt, long.MaxValue));
        }

        counted.Reverse();
        return counted;
    }
}
