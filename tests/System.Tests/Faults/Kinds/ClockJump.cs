namespace MaeLab.System.Tests.Faults.Kinds;

/// <summary>The wall clock of one service is off, while its monotonic clock goes on as it should.</summary>
internal sealed class ClockJump(FakeClock clock, string service, TimeSpan jump) : IFault
{
    public string Name { get; } = $"clock of {service} {(jump < TimeSpan.Zero ? "-" : "+")}{jump:hh\\:mm}";

    public Task BeginAsync() => clock.SetAsync(jump);

    public Task EndAsync() => clock.SetAsync(TimeSpan.Zero);
}
