using MaeLab.Runner.Execution;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MaeLab.Messaging.Tests.Runner;

public sealed class DatabasePatienceTests
{
    private readonly DatabasePatience _patience = new(new NoWaiting(), NullLogger<DatabasePatience>.Instance);

    public static TheoryData<Exception> Outages =>
    [
        new NpgsqlException("Exception while reading from stream", new IOException("Broken pipe")),
        new InvalidOperationException("An exception has been raised that is likely due to a transient failure.", new NpgsqlException("No.", new TimeoutException())),
        new DbUpdateException("An error occurred.", new PostgresException("cannot execute INSERT in a read-only transaction", "ERROR", "ERROR", PostgresErrorCodes.ReadOnlySqlTransaction)),
        new PostgresException("database \"maelab\" does not exist", "FATAL", "FATAL", PostgresErrorCodes.InvalidCatalogName),
        new PostgresException("terminating connection", "FATAL", "FATAL", "25P03"),
    ];

    [Theory]
    [MemberData(nameof(Outages), DisableDiscoveryEnumeration = true)]
    public async Task Outage_is_waited_for_for_as_long_as_it_takes(Exception outage) => Assert.Equal(31, await TriesAsync(outage, works: 31));

    [Fact]
    public async Task Full_disk_or_missing_file_of_this_machine_is_no_outage()
    {
        await Assert.ThrowsAsync<IOException>(() => TriesAsync(new IOException("No space left on device"), works: 31));
        await Assert.ThrowsAsync<FileNotFoundException>(() => TriesAsync(new FileNotFoundException("gone"), works: 5));
        Assert.Equal(4, await TriesAsync(new IOException("once or thrice"), works: 4));
    }

    /// <param name="works">The try that does.</param>
    private async Task<int> TriesAsync(Exception failure, int works)
    {
        var tries = 0;
        await _patience.DoAsync("a thing", _ => ++tries < works ? Task.FromException(failure) : Task.CompletedTask, _ => false, TestContext.Current.CancellationToken);
        return tries;
    }
}
