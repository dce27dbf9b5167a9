using MaeLab.Domain.Runs;
using MaeLab.Web.Tests.Sample;

namespace MaeLab.Web.Tests.Api;

/// <summary>
/// Three mask ratios with eight seeds each: 0.75, the baseline, at 0.75 whatever the seed; 0.5 at 0.675 to 0.745, worse in every
/// seed; 0.9 of which only two are complete.
/// </summary>
internal static class ComparedCells
{
    public const string Metric = "probe/known_accuracy";

    private const int Seeds = 8;

    private const string Definition = """{"name":"Compared","preset":"nano","axes":{"maskRatio":[0.5,0.75,0.9],"seed":[0,1,2,3,4,5,6,7]}}""";

    public static async Task<Guid> AddToAsync(ApiHost host, CancellationToken cancellationToken)
    {
        var (id, runIds) = await host.Samples.AddAsync(run => run < (2 * Seeds) + 2 ? RunState.Completed : RunState.Queued, cancellationToken, Definition);
        for (var run = 0; run < (2 * Seeds) + 2; run++)
        {
            var value = (run / Seeds) switch { 0 => 0.675 + (0.01 * (run % Seeds)), 1 => 0.75, _ => 0.9 };
            await SamplePoints.WriteAsync(host.Database.Contexts, runIds[run], Metric, [(1, value)], cancellationToken);
        }

        return id;
    }
}
