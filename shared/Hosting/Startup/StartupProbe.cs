namespace MaeLab.Hosting.Startup;

/// <summary>Something outside the process that a service cannot work without, for example the database schema.</summary>
/// <param name="Name">As it reads in "waiting for ...".</param>
/// <param name="IsReady">Asked again until it says yes; an exception counts as "not yet" and is logged, but for those that end the program.</param>
public sealed record StartupProbe(string Name, Func<IServiceProvider, CancellationToken, Task<bool>> IsReady)
{
    /// <summary>Exceptions after which asking again is of no use: the program says why and ends.</summary>
    public Func<Exception, bool> Ends { get; init; } = _ => false;
}
