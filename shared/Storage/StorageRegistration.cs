using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Storage;

public static class StorageRegistration
{
    /// <summary>
    /// Registers <c>IDbContextFactory&lt;MaeLabDb&gt;</c>, the metric reader and the stores, from configuration section <c>Storage</c>.
    /// Calling it twice is harmless (the one-process host composes all services).
    /// </summary>
    public static IServiceCollection AddMaeLabStorage(this IServiceCollection services, IConfiguration configuration) =>
        throw new NotImplementedException();

    /// <summary>Brings the database to the newest schema.</summary>
    public static Task MigrateAsync(IServiceProvider services, CancellationToken cancellationToken) => throw new NotImplementedException();
}
