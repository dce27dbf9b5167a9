using System.Diagnostics;
using System.Globalization;

namespace MaeLab.System.Tests.Faults;

/// <summary>Makes the faults of a plan happen, one after another, with experiments to happen to: a new one whenever all are done.</summary>
internal sealed class FaultDriver(FaultRing ring, RingApi api, RingWatch watch, CancellationToken cancellationToken)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private int _experiments;

    public async Task RunAsync(IReadOnlyList<PlannedFault> plan)
    {
        foreach (var (fault, number) in plan.Select((fault, index) => (fault, index + 1)))
        {
            // A submission is a moment as good as any: it has to come through whatever happens just then.
            var idle = await watch.IsIdleAsync();
            if (!idle)
            {
                await watch.WaitForAsync(fault.Moment, fault.Times);
            }

            var run = fault.Wish && !idle ? await watch.FindOpenRunAsync() : null;
            var moment = idle ? "submission" : run is null ? $"{fault.Moment}" : $"{fault.Moment}, pause";
            Say($"{number} of {plan.Count}, {moment}, {fault.Leases} leases: {string.Join(", ", fault.Faults.Select(part => part.Name))}");
            await StrikeAsync(fault, () => idle ? api.SubmitAsync($"number {++_experiments}") : run is { } id ? api.PauseAndResumeAsync(id) : Task.CompletedTask);
        }

        Say("waiting for the last runs");
        await watch.WaitUntilIdleAsync();
        Say("all runs are completed");
    }

    /// <param name="wish">Begun while the fault lasts; it may need the end of it.</param>
    private async Task StrikeAsync(PlannedFault fault, Func<Task> wish)
    {
        await Task.WhenAll(fault.Faults.Select(part => part.BeginAsync()));
        var wished = wish();

        // No wait for something to happen: how long it lasts is part of the fault.
        await Task.Delay(fault.Leases * ring.Lease, cancellationToken);
        await Task.WhenAll(fault.Faults.Select(part => part.EndAsync()));
        await wished;
    }

    private void Say(string what) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{Stopwatch.GetElapsedTime(_began).TotalSeconds,5:F1} s] {what}"));
}
