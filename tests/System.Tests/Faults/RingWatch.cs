using MaeLab.Testing;
using Npgsql;

namespace MaeLab.System.Tests.Faults;

/// <summary>What goes on in the ring, as its database tells; while that is away, nothing is seen.</summary>
internal sealed class RingWatch(FaultRing ring, CancellationToken cancellationToken)
{
    /// <summary>What is not there by then never comes. Long: the machine may have much else to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private readonly string _connectionString = $"{ring.Storage.ConnectionString};Pooling=false;Timeout=5;Command Timeout=10";

    /// <summary>Waits for the moment; returns at once when all runs are over, since it will not come then.</summary>
    public async Task WaitForAsync(Moment moment, int times)
    {
        var (last, seen) = ((string?)null, -1);
        await Eventually.GetAsync(
            $"moment {moment}, {times} times,",
            async () =>
            {
                if (await ReadAsync(MarkOf(moment)) is { } mark && mark != last)
                {
                    (last, seen) = (mark, seen + 1);
                }

                return seen >= times || await IsIdleAsync() ? this : null;
            },
            Patience,
            () => ring.Output);
    }

    /// <summary>Every run there is has been completed.</summary>
    public async Task<bool> IsIdleAsync() => await ReadAsync("SELECT count(*) FROM runs WHERE state <> 'Completed'") == "0";

    /// <exception cref="Xunit.Sdk.XunitException">They were not within our patience, or one of them failed.</exception>
    public Task WaitUntilIdleAsync() => Eventually.GetAsync(
        "end of all runs",
        async () =>
        {
            var failed = await ReadAsync("SELECT string_agg(id || ' ' || state || ' ' || coalesce(reason_text, ''), ', ') FROM runs WHERE state IN ('Failed', 'Cancelled')");
            Assert.True(string.IsNullOrEmpty(failed), $"Runs that ended otherwise than completed: {failed}{ring.Output}");
            return await IsIdleAsync() ? this : null;
        },
        Patience,
        () => ring.Output);

    /// <returns>A run that is not over; null where there is none.</returns>
    public async Task<Guid?> FindOpenRunAsync() => Guid.TryParse(await ReadAsync("SELECT min(id::text) FROM runs WHERE state <> 'Completed'"), out var id) ? id : null;

    /// <returns>The one value that a query gives; null while the database does not answer, empty for NULL.</returns>
    public async Task<string?> ReadAsync(string sql)
    {
        try
        {
            await using var connection = new NpgsqlConnection(_connectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection);
            return (await command.ExecuteScalarAsync(cancellationToken))?.ToString() ?? "";
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <returns>A query whose value changes whenever the moment comes.</returns>
    private static string MarkOf(Moment moment) => moment switch
    {
        Moment.PointsStored => "SELECT sum(count) FROM metric_chunks",
        Moment.CheckpointStored => "SELECT max(id::text) FROM checkpoints WHERE complete",
        Moment.EvaluationStored => "SELECT count(*) FROM probe_results",
        Moment.RunChangedState => "SELECT string_agg(state || attempt, ' ' ORDER BY id) FROM runs",
        Moment.AttemptEnded => "SELECT count(*) FROM run_attempts WHERE ended_at IS NOT NULL",
        _ => throw new ArgumentOutOfRangeException(nameof(moment), moment, "Unknown moment."),
    };
}
