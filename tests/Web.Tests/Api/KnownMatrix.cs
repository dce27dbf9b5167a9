using MaeLab.Domain.Runs;
using MaeLab.Web.Tests.Sample;

namespace MaeLab.Web.Tests.Api;

/// <summary>
/// Two mask ratios by two patch sizes with three seeds each, and a metric of known values: cells (maskRatio, patchSize) in
/// run order are complete, complete with one value missing and one not a number, under way, and waiting.
/// </summary>
internal sealed class KnownMatrix
{
    public const string Metric = "probe/known";

    private const string Definition =
        """{"name":"Known & 100 % sure","preset":"nano","axes":{"maskRatio":[0.5,0.75],"patchSize":[4,7],"seed":[0,1,2]}}""";

    private static readonly double[][] s_values = [[0.70, 0.72, 0.74], [0.60, double.NaN, 0.62], [0.50], []];

    private KnownMatrix(Guid id, IReadOnlyList<Guid> runIds) => (Id, RunIds) = (id, runIds);

    public Guid Id { get; }

    /// <summary>By mask ratio, patch size, seed.</summary>
    public IReadOnlyList<Guid> RunIds { get; }

    public static async Task<KnownMatrix> AddToAsync(ApiHost host, CancellationToken cancellationToken)
    {
        var (id, runIds) = await host.Samples.AddAsync(StateOf, cancellationToken, Definition);
        for (var run = 0; run < runIds.Count; run++)
        {
            if (run % 3 < s_values[run / 3].Length)
            {
                await SamplePoints.WriteAsync(host.Database.Contexts, runIds[run], Metric, [(1, 99), (2, s_values[run / 3][run % 3])], cancellationToken);
            }
        }

        return new(id, runIds);
    }

    private static RunState StateOf(int run) => (run / 3) switch
    {
        0 or 1 => RunState.Completed,
        2 => RunState.Running,
        _ => RunState.Queued,
    };
}
