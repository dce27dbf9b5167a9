using MaeLab.System.Tests.Faults.Kinds;
using MaeLab.Testing.Faults;

namespace MaeLab.System.Tests.Faults;

/// <summary>What must happen before a fault strikes.</summary>
public enum Moment
{
    PointsStored,
    CheckpointStored,
    EvaluationStored,
    RunChangedState,
    AttemptEnded,
}

/// <param name="Faults">They begin together.</param>
/// <param name="Times">The moment comes so often before they do.</param>
/// <param name="Leases">How long they last, in leases of the scheduler: less than one goes unnoticed, more costs a runner its run.</param>
/// <param name="Wish">A person pauses a run while they last, and resumes it afterwards.</param>
internal sealed record PlannedFault(IReadOnlyList<IFault> Faults, Moment Moment, int Times, double Leases, bool Wish);

/// <summary>Faults in an order, at moments and for times that follow from the seed alone.</summary>
internal static class FaultPlan
{
    private const double ShortLeases = 0.3;
    private const double LongLeases = 1.5;

    /// <summary>Every death of every part, and pairs of parts at once.</summary>
    /// <param name="parts">Parts that do the same work are one entry: a fault hits one of them.</param>
    public static IReadOnlyList<PlannedFault> Deaths(Random random, IReadOnlyList<IReadOnlyList<IVictim>> parts, int pairs)
    {
        var deaths = Enum.GetValues<Death>();
        List<PlannedFault> faults = [];
        foreach (var alike in parts)
        {
            faults.AddRange(deaths.Select(death => Draw(random, [new DeadPart(Pick(random, alike), death)], random.Next(2) == 0)));

            // Once more, and for long: a part that stands still is the one that believes nothing has happened.
            faults.Add(Draw(random, [new DeadPart(Pick(random, alike), Death.Freeze)], lasts: true));
        }

        var all = parts.SelectMany(alike => alike).ToArray();
        for (var pair = 0; pair < pairs; pair++)
        {
            random.Shuffle(all);
            faults.Add(Draw(random, [.. all.Take(2).Select(victim => new DeadPart(victim, Pick(random, deaths)))], random.Next(2) == 0));
        }

        return Shuffled(random, faults);
    }

    /// <summary>Each of these once.</summary>
    public static IReadOnlyList<PlannedFault> Each(Random random, IEnumerable<IFault> brief, IEnumerable<IFault> lasting) => Shuffled(
        random, [.. brief.Select(fault => Draw(random, [fault], lasts: false)), .. lasting.Select(fault => Draw(random, [fault], lasts: true))]);

    private static PlannedFault Draw(Random random, IReadOnlyList<IFault> faults, bool lasts) =>
        new(faults, Pick(random, Enum.GetValues<Moment>()), random.Next(1, 4), lasts ? LongLeases : ShortLeases, Wish: random.Next(3) == 0);

    private static T Pick<T>(Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    private static PlannedFault[] Shuffled(Random random, IEnumerable<PlannedFault> faults)
    {
        var order = faults.ToArray();
        random.Shuffle(order);
        return order;
    }
}
