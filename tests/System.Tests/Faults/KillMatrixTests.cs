using System.Globalization;
using MaeLab.System.Tests.Faults.Kinds;
using MaeLab.Testing;

namespace MaeLab.System.Tests.Faults;

/// <summary>
/// Whatever is killed, stopped, frozen or taken away, and whenever: every queued run completes exactly once, no point is
/// lost or doubled, and the weights are the same bits as without the fault.
/// </summary>
public sealed class KillMatrixTests
{
    /// <summary>Environment variable: the seed to repeat; every test prints its own.</summary>
    private const string SeedVariable = "MAELAB_FAULT_SEED";

    /// <summary>Environment variable: how many rounds of faults, for a soak; one without it.</summary>
    private const string RoundsVariable = "MAELAB_FAULT_ROUNDS";

    private const int Pairs = 5;

    private static readonly TimeSpan s_leaseAsDelivered = TimeSpan.FromSeconds(15);

    /// <summary>Outages longer than a lease are half of the time that the tests take.</summary>
    private static readonly TimeSpan s_shortLease = TimeSpan.FromSeconds(4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Death_of_any_parts_leaves_the_same_results_as_none()
    {
        await using var ring = await FaultRing.StartAsync(new(s_shortLease), Cancel);

        await RunAsync(ring, random => FaultPlan.Deaths(random, [[ring.Web], ring.Schedulers, ring.Runners, [ring.Database], [ring.Broker]], Pairs));
    }

    [Fact]
    public async Task Hostile_surroundings_leave_the_same_results_as_friendly_ones()
    {
        using var disk = new SmallDisk();
        using var neighbour = new NoisyNeighbour();
        if (!disk.CanBeFilled)
        {
            const string Need = "A full disk needs the right to mount a tmpfs (root).";
            if (Prerequisite.IsCi)
            {
                Prerequisite.Missing(Need);
            }

            Console.WriteLine($"Without a full disk. {Need}");
        }

        using FakeClock schedulerClock = new(), runnerClock = new(), webClock = new();
        var hour = TimeSpan.FromHours(1);
        await using var ring = await FaultRing.StartAsync(
            new(s_leaseAsDelivered, Path.Combine(disk.Folder, "runner-1"))
            {
                Environment = new Dictionary<string, IReadOnlyDictionary<string, string>>
                {
                    ["scheduler-1"] = schedulerClock.Environment,
                    ["scheduler-2"] = schedulerClock.Environment,
                    ["runner-1"] = runnerClock.Environment,
                    ["web"] = webClock.Environment,
                },
            },
            Cancel);

        List<IFault> brief =
        [
            neighbour,
            new ClockJump(schedulerClock, ring.Schedulers, hour, ring.Http), new ClockJump(schedulerClock, ring.Schedulers, -hour, ring.Http),
            new ClockJump(runnerClock, [ring.Runners[0]], hour, ring.Http), new ClockJump(runnerClock, [ring.Runners[0]], -hour, ring.Http),
            new ClockJump(webClock, [ring.Web], hour, ring.Http), new ClockJump(webClock, [ring.Web], -hour, ring.Http),
        ];
        if (disk.CanBeFilled)
        {
            brief.Add(new FullDisk(disk));
        }

        await RunAsync(ring, random => FaultPlan.Each(
            random,
            brief,
            lasting: [new ReadOnlyDatabase(ring), new DeadPart(ring.Runners[0], Death.Freeze), new DeadPart(ring.Runners[1], Death.Kill)]));
    }

    private static async Task RunAsync(FaultRing ring, Func<Random, IReadOnlyList<PlannedFault>> draw)
    {
        var seed = FromEnvironment(SeedVariable) ?? Random.Shared.Next();
        Console.WriteLine($"{SeedVariable}={seed}");
        var random = new Random(seed);
        var (api, watch) = (new RingApi(ring, Cancel), new RingWatch(ring, Cancel));
        var reference = await api.SubmitAsync("without a fault");
        await watch.WaitUntilIdleAsync();

        await new FaultDriver(ring, api, watch, Cancel).RunAsync([.. Enumerable.Range(0, FromEnvironment(RoundsVariable) ?? 1).SelectMany(_ => draw(random))]);

        await Leftovers.AssertNoneAsync(ring, watch, Cancel);
        await RunRecord.AssertAllLikeAsync(reference, ring, api, Cancel);
    }

    private static int? FromEnvironment(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : null;
}
