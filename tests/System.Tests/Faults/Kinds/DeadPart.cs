using MaeLab.Testing.Faults;

namespace MaeLab.System.Tests.Faults.Kinds;

public enum Death
{
    /// <summary>SIGKILL; started again afterwards.</summary>
    Kill,

    /// <summary>Told to stop; started again afterwards.</summary>
    Stop,

    /// <summary>SIGSTOP; SIGCONT afterwards.</summary>
    Freeze,
}

/// <summary>A part of the ring that is away.</summary>
internal sealed class DeadPart(IVictim victim, Death death) : IFault
{
    public string Name { get; } = $"{death} {victim.Name}";

    public Task BeginAsync() => death switch
    {
        Death.Kill => victim.KillAsync(),
        Death.Stop => victim.StopAsync(),
        Death.Freeze => victim.FreezeAsync(),
        _ => throw new InvalidOperationException($"Unknown death {death}."),
    };

    public Task EndAsync() => death == Death.Freeze ? victim.ThawAsync() : victim.StartAsync();
}
