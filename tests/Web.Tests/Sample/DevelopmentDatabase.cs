using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage;

namespace MaeLab.Web.Tests.Sample;

/// <summary>
/// Fills a database to look at pages with while developing them:
/// <c>MAELAB_SEED=/tmp/maelab.db MaeLab.Web.Tests -explicit only -class MaeLab.Web.Tests.Sample.DevelopmentDatabase</c>,
/// then <c>Storage__Provider=Sqlite Storage__ConnectionString="Data Source=/tmp/maelab.db" Bus__Transport=InMemory dotnet run --project web</c>.
/// </summary>
public sealed class DevelopmentDatabase
{
    [Fact(Explicit = true)]
    public async Task Fill()
    {
        var path = Environment.GetEnvironmentVariable("MAELAB_SEED") ?? throw new InvalidOperationException("Set MAELAB_SEED to the path of the new database.");
        var token = TestContext.Current.CancellationToken;
        var databases = DatabaseFactory.Create(new() { Provider = StorageProvider.Sqlite, ConnectionString = $"Data Source={path}" });
        await DatabaseMigrator.MigrateAsync(databases, token);
        var sample = new SampleExperiment(databases, TimeProvider.System);
        await sample.AddRunnerAsync("bench-1", SampleExperiment.Runner, TimeSpan.Zero, 84.2, token);
        await sample.AddRunnerAsync("old-laptop", Guid.CreateVersion7(), TimeSpan.FromHours(3), null, token);
        await sample.AddAsync(
            _ => RunState.Completed, token,
            """{"name":"How deep must the decoder be?","preset":"nano","axes":{"decoder.depth":[1,2,4,8],"seed":[0,1,2]}}""", TimeSpan.FromDays(6));
        await sample.AddAsync(
            _ => RunState.Completed, token,
            """{"name":"Is 0.75 right, and are we sure?","preset":"nano","axes":{"maskRatio":[0.25,0.5,0.6,0.7,0.75,0.9],"seed":[0,1,2,3,4,5,6,7,8]}}""", TimeSpan.FromDays(3));
        await sample.AddAsync(
            index => index % 9 == 8 ? RunState.Failed : RunState.Completed, token,
            """{"name":"Masking strategies","preset":"nano","tags":["paper"],"axes":{"maskSampler":["random","block","grid"],"maskRatio":[0.25,0.5,0.6,0.75,0.9],"seed":[0,1,2]}}""", TimeSpan.FromDays(2));
        await sample.AddAsync(index => index switch { < 7 => RunState.Completed, 7 => RunState.Failed, 8 or 9 => RunState.Running, _ => RunState.Queued }, token, age: TimeSpan.FromMinutes(4));
        var (_, runs) = await sample.AddAsync(_ => RunState.Completed, token, """{"name":"Theory","preset":"nano","axes":{"maskRatio":[0.5,0.75,0.9],"patchSize":[4,7]}}""", TimeSpan.FromMinutes(2));
        var jobs = new SampleJobs(databases, TimeProvider.System);
        foreach (var (index, run) in runs.Index())
        {
            var checkpoint = await jobs.AddCheckpointAsync(run, 310, token);
            if (index < 5)
            {
                await jobs.AddAsync(
                    checkpoint, index switch { 2 => RunState.Failed, 3 => RunState.Running, 4 => RunState.Queued, _ => RunState.Completed },
                    index < 2 ? [(SeriesNames.DecoderLift, 1.5 + (0.1 * index)), (SeriesNames.GlobalGain, 0.3 + (0.05 * index))] : [], token);
            }
        }

        await sample.AddAsync(_ => RunState.Queued, token, """{"name":"One run, to see","preset":"micro"}""", TimeSpan.FromSeconds(20));
    }
}
