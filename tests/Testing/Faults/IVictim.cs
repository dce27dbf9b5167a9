namespace MaeLab.Testing.Faults;

/// <summary>A part of the ring that a fault hits: a service or a server, as processes of its own.</summary>
public interface IVictim
{
    string Name { get; }

    /// <summary>As a power cut would (SIGKILL).</summary>
    Task KillAsync();

    /// <summary>As an operator would (SIGTERM, or what the server has for it).</summary>
    Task StopAsync();

    /// <summary>Again, on what it left behind.</summary>
    Task StartAsync();

    /// <summary>It stands still, its connections stay open (SIGSTOP): a machine that swaps, a paused virtual machine.</summary>
    Task FreezeAsync();

    /// <summary>It goes on where it stood (SIGCONT).</summary>
    Task ThawAsync();
}
