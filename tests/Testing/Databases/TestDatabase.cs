using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Testing.Databases;

/// <summary>A migrated database of one test's own, gone when disposed.</summary>
/// <param name="options">What a service would have in its configuration section <c>Storage</c>.</param>
public sealed class TestDatabase(StorageOptions options, Func<ValueTask> remove) : IAsyncDisposable
{
    public StorageOptions Options { get; } = options;

    public IDbContextFactory<MaeLabDb> Contexts { get; } = DatabaseFactory.Create(options);

    public MaeLabDb Open() => Contexts.CreateDbContext();

    public ValueTask DisposeAsync() => remove();
}
