using MaeLab.Testing;
using MaeLab.Testing.Ring;

namespace MaeLab.System.Tests.Faults.Kinds;

/// <summary>The wall clock of services is off, while their monotonic clocks go on as they should.</summary>
internal sealed class ClockJump(FakeClock clock, IReadOnlyList<ServiceVictim> services, TimeSpan jump, HttpClient http) : IFault
{
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMinutes(10);

    public string Name { get; } = $"clock {(jump < TimeSpan.Zero ? "-" : "+")}{jump:hh\\:mm} of {string.Join(" and ", services.Select(service => service.Name))}";

    public Task BeginAsync() => SetAsync(jump);

    public Task EndAsync() => SetAsync(TimeSpan.Zero);

    /// <summary>Until the services themselves say so, by the date on their answers.</summary>
    private async Task SetAsync(TimeSpan off)
    {
        clock.Set(off);
        foreach (var service in services)
        {
            await Eventually.GetAsync(
                $"{service.Name} whose clock is off by {off}",
                async () =>
                {
                    using var answer = await HttpQuestion.TryAsync(() => http.GetAsync(new Uri(service.Address, "healthz")), CancellationToken.None);
                    return answer?.Headers.Date is { } date && (date - DateTimeOffset.UtcNow - off).Duration() < s_tolerance ? service : null;
                },
                RingWatch.Patience);
        }
    }
}
