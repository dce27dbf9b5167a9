using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Components;

/// <summary>Counts how often a database is turned to, and can keep it waiting or away.</summary>
internal sealed class WatchedDatabases(IDbContextFactory<MaeLabDb> databases) : IDbContextFactory<MaeLabDb>
{
    public int Opened { get; private set; }

    /// <summary>Goes before every opening.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public MaeLabDb CreateDbContext() => throw new NotSupportedException("Web opens databases without blocking a thread.");

    public async Task<MaeLabDb> CreateDbContextAsync(CancellationToken cancellationToken = default)
    {
        Opened++;
        await Before();
        return await databases.CreateDbContextAsync(cancellationToken);
    }
}
