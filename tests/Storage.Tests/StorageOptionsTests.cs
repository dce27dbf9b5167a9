using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Runs;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MaeLab.Storage.Tests;

public sealed class StorageOptionsTests(SqliteFiles files)
{
    [Theory]
    [InlineData("Postgres", "", "Storage:ConnectionString is missing", "Host=localhost;Database=maelab")]
    [InlineData("Postgres", "Host=db", "Storage:ConnectionString", "names no Database")]
    [InlineData("Postgres", "Hots=db;Database=maelab", "Storage:ConnectionString", "Hots")]
    [InlineData("Sqlite", "Data Source=", "Storage:ConnectionString", "names no Data Source")]
    [InlineData("Sqlite", "File=x", "Storage:ConnectionString", "File")]
    [InlineData("7", "", "Storage:Provider: '7' is unknown", "Storage:ConnectionString is missing")]
    [InlineData("MySql", "x", "Storage:Provider", "MySql")]
    public void Wrong_settings_are_all_told_with_their_keys(string provider, string connection, params string[] expected)
    {
        using var services = Services(("Storage:Provider", provider), ("Storage:ConnectionString", connection));

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<StorageOptions>>().Value);

        Assert.All(expected, part => Assert.Contains(part, failure.Message, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_misspelt_key_is_an_error()
    {
        using var services = Services(("Storage:Provider", "Sqlite"), ("Storage:ConectionString", "Data Source=x"));

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<StorageOptions>>().Value);

        Assert.Contains("ConectionString", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_settings_stop_the_start()
    {
        using var services = Services(("Storage:ConnectionString", ""));

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
    }

    [Fact]
    public async Task Registered_services_share_one_database()
    {
        var token = TestContext.Current.CancellationToken;
        await using var database = await files.CreateMissingDatabaseAsync(token);
        using var services = Services(("Storage:Provider", "sqlite"), ("Storage:ConnectionString", database.Options.ConnectionString));

        Assert.False(await StorageRegistration.IsMigratedAsync(services, token));
        Assert.StartsWith("Migrations are pending: ", await StorageRegistration.ProblemAsync(services, token), StringComparison.Ordinal);
        await StorageRegistration.MigrateAsync(services, token);
        Assert.True(await StorageRegistration.IsMigratedAsync(services, token));
        Assert.Null(await StorageRegistration.ProblemAsync(services, token));

        Assert.NotNull(services.GetRequiredService<CheckpointStore>());
        Assert.NotNull(services.GetRequiredService<RunResultStore>());
        Assert.Empty(await services.GetRequiredService<MetricReader>().ListNamesAsync([], token));
        Assert.Single(services.GetServices<IDbContextFactory<MaeLabDb>>());
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)))
            .Build();
        return new ServiceCollection()
            .AddMaeLabStorage(configuration)
            .AddMaeLabStorage(configuration)
            .BuildServiceProvider(validateScopes: true);
    }
}
