using CsCheck;
using MaeLab.Testing.Databases;

namespace MaeLab.Messaging.Tests.Spooling;

/// <summary>Something that happens to a run and the results on their way. As long as nothing is shipped, the database is away.</summary>
internal abstract record ShippingEvent
{
    public sealed record Train(int Steps) : ShippingEvent;

    public sealed record Checkpoint : ShippingEvent;

    public sealed record Evaluate : ShippingEvent;

    /// <summary>Memory to disk.</summary>
    public sealed record Move : ShippingEvent;

    /// <summary>Disk to database.</summary>
    public sealed record Ship(CommitFailure Failure) : ShippingEvent;

    /// <summary>
    /// The runner is killed, its last file loses some bytes, and it is started anew: it stores what is left, and the run goes on
    /// from its newest checkpoint in a new attempt. Or another runner takes the run before that.
    /// </summary>
    public sealed record Kill(int Cut, CommitFailure Failure, bool Overtaken) : ShippingEvent;

    public static Gen<ShippingEvent[]> Histories { get; } = Gen.Frequency<ShippingEvent>(
        (6, Gen.Int[1, 400].Select(n => (ShippingEvent)new Train(n))),
        (3, Gen.Const((ShippingEvent)new Checkpoint())),
        (1, Gen.Const((ShippingEvent)new Evaluate())),
        (4, Gen.Const((ShippingEvent)new Move())),
        (3, Gen.Enum<CommitFailure>().Select(failure => (ShippingEvent)new Ship(failure))),
        (2, Gen.Select(Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[1, 3000])), Gen.Enum<CommitFailure>(), Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true))),
            (cut, failure, overtaken) => (ShippingEvent)new Kill(cut, failure, overtaken)))).Array[1, 25];
}
