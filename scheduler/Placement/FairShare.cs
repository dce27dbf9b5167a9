namespace MaeLab.Scheduler.Placement;

/// <summary>What an experiment has of the slots, and what it is worth.</summary>
/// <param name="Turn">Virtual time at which its newest run was placed; null before the first.</param>
/// <param name="Active">Its runs under way.</param>
internal sealed record ExperimentShare(double Weight, double? Turn, int Active);

/// <summary>
/// Whose turn it is among experiments of equal priority: the one with the fewest runs under way for its weight. That alone
/// says nothing where few slots are shared by many, a single one above all: among equals it is the one whose turn comes
/// first by start-time fair queueing (Goyal, Vin and Cheng 1996), in which a run puts off the next one of its experiment
/// by 1 / weight, and whoever comes anew or was away begins at the present.
/// </summary>
internal sealed class FairShare(IReadOnlyDictionary<Guid, ExperimentShare> experiments)
{
    private readonly Dictionary<Guid, ExperimentShare> _shares = new(experiments);
    private double _now = experiments.Values.Max(share => share.Turn) ?? 0;

    /// <summary>The lowest goes first.</summary>
    public (double Load, double Turn) KeyOf(Guid experimentId)
    {
        var share = _shares[experimentId];
        return (share.Active / share.Weight, NextTurn(share));
    }

    /// <summary>It gets a slot.</summary>
    public void Take(Guid experimentId)
    {
        var share = _shares[experimentId];
        var turn = NextTurn(share);
        _shares[experimentId] = share with { Turn = turn, Active = share.Active + 1 };
        _now = Math.Max(_now, turn);
    }

    public double? TurnOf(Guid experimentId) => _shares[experimentId].Turn;

    private double NextTurn(ExperimentShare share) => share.Turn is { } turn ? Math.Max(_now, turn + (1 / share.Weight)) : _now;
}
