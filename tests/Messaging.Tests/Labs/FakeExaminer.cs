using System.Collections.Concurrent;
using MaeLab.Domain.Metrics;
using MaeLab.Engine.Probes;
using MaeLab.Engine.Training;

namespace MaeLab.Messaging.Tests.Labs;

/// <summary>Stands in for the theory suite: four probes of a series each, whose value is what the checkpoint says. It can be held, until told to stop.</summary>
internal sealed class FakeExaminer
{
    public static readonly string[] Probes = [SeriesNames.KernelRank, SeriesNames.QuadratureSlope, SeriesNames.DecoderLift, SeriesNames.InfluenceLength];

    private readonly ConcurrentQueue<TheoryJob> _jobs = [];
    private readonly ConcurrentQueue<string> _made = [];
    private readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Stay before this probe, by its place, in the first examination.</summary>
    public int? HoldBefore { get; init; }

    /// <summary>Called as an examination begins; throws to make it fail.</summary>
    public Action Begin { get; init; } = () => { };

    public IReadOnlyCollection<TheoryJob> Jobs => _jobs;

    /// <summary>Every probe that was made, in all examinations.</summary>
    public IReadOnlyCollection<string> Made => _made;

    /// <summary>Completes once an examination is held.</summary>
    public Task Holding => _holding.Task;

    public TrainingOutcome Run(TheoryJob job, ITrainingSink sink, CancellationToken cancellationToken)
    {
        _jobs.Enqueue(job);
        Begin();
        using var checkpoint = new StreamReader(job.Checkpoint());
        var step = long.Parse(checkpoint.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (done, probe) in Probes.Index())
        {
            sink.Report(new(done, Probes.Length, 0, null, 0));
            if (Hold(done, sink, cancellationToken) || sink.StopRequested != StopRequest.None)
            {
                return new(Completed: false, done, null);
            }

            if (!job.Known.Contains(probe))
            {
                _made.Enqueue(probe);
                sink.Record(new MetricPoint(probe, job.Step, step));
                sink.SaveEvaluation(new(job.Step, [], [new(probe, step, "{}")]));
            }
        }

        return new(Completed: true, Probes.Length, null);
    }

    /// <returns>True where it was held, and told to stop.</returns>
    private bool Hold(int probe, ITrainingSink sink, CancellationToken cancellationToken)
    {
        if (probe != HoldBefore || _jobs.Count > 1)
        {
            return false;
        }

        _holding.TrySetResult();
        while (sink.StopRequested == StopRequest.None && !cancellationToken.IsCancellationRequested)
        {
            Thread.Sleep(5);
        }

        return true;
    }
}
