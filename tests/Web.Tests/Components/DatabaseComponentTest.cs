using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Features.Gallery;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Tests.Sample;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Components;

/// <summary>A component over a real database of its own.</summary>
public abstract class DatabaseComponentTest(SqliteFiles databases) : ComponentTest
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestDatabase? _database;

    protected TestDatabase Database => _database!;

    private protected WatchedDatabases Watched { get; private set; } = null!;

    private protected SampleExperiment Samples => new(Database.Contexts, TimeProvider.System);

    public override async ValueTask InitializeAsync()
    {
        _database = await databases.CreateDatabaseAsync(Cancel);
        Watched = new(_database.Contexts);
        await AddServicesAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    /// <summary>What reads the page of an experiment, and hands it over to the circuit.</summary>
    protected void AddExperimentViews()
    {
        Context.Services.AddSingleton(Database.Contexts);
        Context.Services.AddSingleton<GalleryReader>().AddSingleton<ExperimentViewReader>().AddSingleton<ExperimentReader>().AddSingleton<MatrixReader>();
        Context.Services.AddSingleton<ResultReader>().AddSingleton<RunReader>().AddSingleton<MetricReader>().AddSingleton<RunValueReader>().AddSingleton<RunCostReader>();
        Context.Services.AddPrerenderHandover();
        Context.AddBunitPersistentComponentState();
    }

    protected async Task<ExperimentView> ViewAsync(Guid experiment) =>
        (await Context.Services.GetRequiredService<ExperimentViewReader>().ReadAsync(experiment, null, null, null, new(), new Dictionary<string, string>(), Cancel))!;

    /// <summary>Changes the address.</summary>
    protected void Go(string query) => Context.Services.GetRequiredService<NavigationManager>().NavigateTo($"/?{query}");

    /// <summary>Once the database is there.</summary>
    protected abstract ValueTask AddServicesAsync();
}
