using MaeLab.Domain.Accounts;
using MaeLab.Domain.Runs;
using MaeLab.Web.Tests.Api;
using MaeLab.Web.Tests.Sample;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Access.Changes;

/// <summary>Something of every kind that a request may change.</summary>
internal sealed record ChangeSubjects(
    Guid Experiment, Guid Star, IReadOnlyDictionary<RunState, Guid> Runs, Guid DeletedRun, Guid Checkpoint, Guid View, Guid Webhook, Guid User, Guid Token)
{
    private static readonly RunState[] s_states = [RunState.Completed, RunState.Failed, RunState.Running, RunState.Queued, RunState.Paused, RunState.Failed];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="owner">Whose the token is; null: of the one user there is without accounts.</param>
    public static async Task<ChangeSubjects> AddAsync(ApiHost host, Guid? owner)
    {
        var (experiment, runs) = await host.Samples.AddAsync(index => s_states[index], Cancel, """{"name":"to be changed","axes":{"maskRatio":[0.5,0.75],"seed":[0,1,2]}}""");
        var (star, _) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel, """{"name":"star","design":"star","axes":{"maskRatio":[0.75,0.5],"patchSize":[4,7],"seed":[0,1]}}""");
        var checkpoint = await new SampleJobs(host.Database.Contexts, TimeProvider.System).AddCheckpointAsync(runs[0], 310, Cancel);
        var (view, webhook, user, token) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var db = host.Database.Open();
        db.SavedViews.Add(new() { Id = view, Name = $"view {view}", Query = "state=failed", CreatedAt = DateTimeOffset.UtcNow });
        db.Webhooks.Add(new() { Id = webhook, Url = "https://example.org/hook", Secret = "a secret of the tests", Events = ["completed"], Enabled = true });
        db.Users.Add(new() { Id = user, Name = $"user {user}", NormalizedName = $"USER {user}".ToUpperInvariant(), Role = UserRole.Viewer });
        db.ApiTokens.Add(new() { Id = token, UserId = owner, Name = "a token", Hash = token.ToString("n") + token.ToString("n"), ExpiresAt = DateTimeOffset.UtcNow.AddDays(1) });
        await db.SaveChangesAsync(Cancel);
        await db.Runs.Where(run => run.Id == runs[5]).ExecuteUpdateAsync(run => run.SetProperty(row => row.DeletedAt, DateTimeOffset.UtcNow), Cancel);
        return new(experiment, star, s_states.Take(5).Zip(runs).ToDictionary(), runs[5], checkpoint, view, webhook, user, token);
    }
}
