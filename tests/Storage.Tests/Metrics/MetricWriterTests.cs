using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Metrics;

public abstract class MetricWriterTests(ITestDatabases databases) : DatabaseTests(databases)
{
    private const string Loss = SeriesNames.TrainLoss;

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1000)]
    public async Task Flush_stores_all_points_in_chunks_of_256(int count)
    {
        var writer = await OpenAsync(1);
        writer.Add(Points(1, count));

        await writer.FlushAsync(Token);

        var chunks = await ChunksAsync();
        Assert.Equal((count + 255) / 256, chunks.Count);
        Assert.All(chunks.SkipLast(1), c => Assert.Equal(256, c.Count));
        Assert.Equal(Points(1, count).Select(p => p.Value), chunks.SelectMany(c => c.Values));
        Assert.All(chunks, c => Assert.Equal((c.LastStep - c.FirstStep + 1, c.Values.Length), (c.Count, c.Count)));
    }

    [Theory]
    [InlineData(new long[] { 3 }, false)]
    [InlineData(new long[] { 3, 10 }, false)]
    [InlineData(new long[] { 5, 10, 15, 20 }, false)]
    [InlineData(new long[] { 5, 10, 16, 21 }, true)]
    public async Task Steps_are_stored_only_where_they_lie_unevenly_and_are_read_alike(long[] steps, bool stored)
    {
        var writer = await OpenAsync(1);
        writer.Add(steps.Select(step => new MetricPoint(Loss, step, -step)));

        await writer.FlushAsync(Token);

        var chunk = Assert.Single(await ChunksAsync());
        Assert.Equal(stored ? steps : [], chunk.Steps);
        Assert.Equal(steps, (await ReadAsync(Loss)).Select(point => point.Step));

        // As versions before this wrote them.
        await using (var db = Database.Open())
        {
            (await db.MetricChunks.SingleAsync(Token)).Steps = steps;
            await db.SaveChangesAsync(Token);
        }

        Assert.Equal(steps, (await ReadAsync(Loss)).Select(point => point.Step));
    }

    [Fact]
    public async Task Flush_again_grows_the_open_chunk_and_the_summary()
    {
        var writer = await OpenAsync(1);
        writer.Add([new(Loss, 1, 5), new(Loss, 2, 3)]);
        await writer.FlushAsync(Token);
        writer.Add([new(Loss, 3, 9), new(Loss, 4, 4)]);
        await writer.FlushAsync(Token);

        var chunk = Assert.Single(await ChunksAsync());
        Assert.Equal([5, 3, 9, 4], chunk.Values);
        Assert.Equal((3.0, 9.0, 4.0), (chunk.Min, chunk.Max, chunk.Last));
        var summary = Assert.Single(await SummariesAsync());
        Assert.Equal((4L, 4L, 4.0, 3.0, 9.0, 1), (summary.Count, summary.LastStep, summary.Last, summary.Min, summary.Max, summary.Attempt));
    }

    [Fact]
    public async Task Values_that_are_no_numbers_or_infinite_come_back_as_they_were()
    {
        double[] values = [double.NaN, 1.5, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        var writer = await OpenAsync(1);
        writer.Add(values.Select((v, i) => new MetricPoint(Loss, i, v)));
        writer.Add([new("only/nan", 0, double.NaN)]);
        await writer.FlushAsync(Token);

        Assert.Equal(values, (await ReadAsync(Loss)).Select(p => p.Value));
        var summaries = await SummariesAsync();
        var loss = summaries.Single(s => s.Name == Loss);
        Assert.Equal((double.NaN, double.NegativeInfinity, double.PositiveInfinity), (loss.Last, loss.Min, loss.Max));
        var nan = summaries.Single(s => s.Name == "only/nan");
        Assert.Equal((double.NaN, double.NaN, double.NaN, 1L), (nan.Last, nan.Min, nan.Max, nan.Count));
        Assert.Equal([2, 1], (await ChunksAsync()).Select(c => c.NanCount));
    }

    [Theory]
    [InlineData(CommitFailure.Before)]
    [InlineData(CommitFailure.After)]
    public async Task A_flush_whose_commit_failed_is_done_by_the_next_one(CommitFailure failure)
    {
        var commits = new FailingCommits();
        var contexts = DatabaseFactory.Create(Database.Options, null, commits);
        var writer = await MetricWriter.OpenAsync(contexts, Run, 1, 0, Token);
        writer.Add(Points(1, 300));

        commits.Next = failure;
        await Assert.ThrowsAsync<BrokenConnectionException>(() => writer.FlushAsync(Token));
        writer.Add(Points(301, 300));
        await writer.FlushAsync(Token);

        Assert.Equal(Points(1, 600), await ReadAsync(Loss));
        Assert.Equal(600, Assert.Single(await SummariesAsync()).Count);
    }

    [Fact]
    public async Task A_writer_opened_again_goes_on_and_leaves_out_what_comes_twice()
    {
        var first = await OpenAsync(1);
        first.Add(Points(1, 300));
        await first.FlushAsync(Token);

        var second = await OpenAsync(1);
        second.Add(Points(200, 400));
        await second.FlushAsync(Token);

        Assert.Equal(Points(1, 599), await ReadAsync(Loss));
        Assert.Equal([256, 256, 87], (await ChunksAsync()).Select(c => c.Count));
        Assert.Equal(599, Assert.Single(await SummariesAsync()).Count);
    }

    [Fact]
    public async Task A_step_that_does_not_rise_is_refused_and_what_came_before_is_kept()
    {
        var writer = await OpenAsync(1);

        var failure = Assert.Throws<ArgumentException>(() => writer.Add([new(Loss, 5, 1), new(Loss, 5, 2)]));
        await writer.FlushAsync(Token);

        Assert.Contains("train/loss", failure.Message, StringComparison.Ordinal);
        Assert.Equal([new MetricPoint(Loss, 5, 1)], await ReadAsync(Loss));
    }

    [Fact]
    public async Task A_step_before_the_restore_step_is_refused()
    {
        await Database.BeginAttemptAsync(Run, 2, restoreStep: 100, Token);
        var writer = await OpenAsync(2, 100);

        Assert.Throws<ArgumentException>(() => writer.Add([new(Loss, 99, 1)]));
    }

    [Fact]
    public async Task Summaries_count_an_earlier_attempt_up_to_the_restore_step()
    {
        var first = await OpenAsync(1);
        // 400 lies in the middle of the second chunk; the largest values come after it.
        first.Add(Points(1, 600));
        first.Add([new("probe/x", 500, 7)]);
        await first.FlushAsync(Token);

        await Database.BeginAttemptAsync(Run, 2, restoreStep: 400, Token);
        var second = await OpenAsync(2, 400);
        await second.FlushAsync(Token);

        var cut = Assert.Single(await SummariesAsync());
        Assert.Equal((Loss, 400L, 400L, 400.0, 400.0, 1), (cut.Name, cut.Count, cut.LastStep, cut.Last, cut.Max, cut.Attempt));

        second.Add(Points(401, 10));
        await second.FlushAsync(Token);
        var grown = Assert.Single(await SummariesAsync());
        Assert.Equal((410L, 410L, 1.0, 410.0, 2), (grown.Count, grown.LastStep, grown.Min, grown.Max, grown.Attempt));
    }

    [Fact]
    public async Task Summaries_take_the_restore_step_from_the_attempt_that_wrote_it_last()
    {
        var first = await OpenAsync(1);
        first.Add([new("probe/x", 10, 1), new("probe/x", 20, 99)]);
        await first.FlushAsync(Token);

        // Restored at the end of training, the attempt evaluates step 20 again.
        await Database.BeginAttemptAsync(Run, 2, restoreStep: 20, Token);
        var second = await OpenAsync(2, 20);
        second.Add([new("probe/x", 20, 2)]);
        await second.FlushAsync(Token);

        var summary = Assert.Single(await SummariesAsync());
        Assert.Equal((2L, 2.0, 2.0), (summary.Count, summary.Last, summary.Max));
        Assert.Equal([new MetricPoint("probe/x", 10, 1), new MetricPoint("probe/x", 20, 2)], await ReadAsync("probe/x"));
    }

    [Fact]
    public async Task Flush_without_the_fence_throws_and_writes_nothing()
    {
        var writer = await OpenAsync(1);
        writer.Add(Points(1, 10));
        await writer.FlushAsync(Token);
        await Database.BeginAttemptAsync(Run, 2, restoreStep: 5, Token);
        writer.Add(Points(11, 10));

        await Assert.ThrowsAsync<FenceLostException>(() => writer.FlushAsync(Token));

        Assert.Equal(10, Assert.Single(await ChunksAsync()).Count);
    }

    [Fact]
    public async Task Flush_of_a_deletedRun_loses_the_fence()
    {
        var writer = await OpenAsync(1);
        writer.Add(Points(1, 10));
        await using var db = Database.Open();
        await db.Experiments.ExecuteDeleteAsync(Token);

        var failure = await Assert.ThrowsAsync<FenceLostException>(() => writer.FlushAsync(Token));

        Assert.Contains("deleted", failure.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<MetricPoint> Points(int first, int count) =>
        Enumerable.Range(first, count).Select(step => new MetricPoint(Loss, step, step));

    private Task<MetricWriter> OpenAsync(int attempt, long restoreStep = 0) =>
        MetricWriter.OpenAsync(Database.Contexts, Run, attempt, restoreStep, Token);

    private async Task<IReadOnlyList<MetricPoint>> ReadAsync(string name) =>
        await new MetricReader(Database.Contexts).ReadPointsAsync(Run, name, -1, int.MaxValue, Token);

    private async Task<List<MetricChunkRow>> ChunksAsync()
    {
        await using var db = Database.Open();
        return await db.MetricChunks.OrderBy(c => c.SeriesId).ThenBy(c => c.FirstStep).ToListAsync(Token);
    }

    private async Task<List<MetricSummaryRow>> SummariesAsync()
    {
        await using var db = Database.Open();
        return await db.MetricSummaries.ToListAsync(Token);
    }
}

public sealed class MetricWriterOnPostgres(PostgresServer server) : MetricWriterTests(server);

public sealed class MetricWriterOnSqlite(SqliteFiles files) : MetricWriterTests(files);
