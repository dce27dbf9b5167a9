using System.Collections.Concurrent;
using MaeLab.Contracts.Facts;

namespace MaeLab.Web.Live;

/// <summary>What the scheduler said of a submission.</summary>
/// <param name="Errors">Empty when accepted.</param>
public sealed record SubmissionAnswer(bool Accepted, IReadOnlyList<RejectedField> Errors);

/// <summary>Brings the scheduler's answers to those who wait for them in this process; nobody else hears of them.</summary>
public sealed class SubmissionAnswers(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<SubmissionAnswer>> _waiting = new();

    /// <summary>Call before publishing, so that no answer is too early.</summary>
    public Expectation Expect(Guid experimentId)
    {
        var answer = _waiting.GetOrAdd(experimentId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        return new(this, experimentId, answer.Task);
    }

    public void Answer(Guid experimentId, SubmissionAnswer answer)
    {
        if (_waiting.TryGetValue(experimentId, out var waiting))
        {
            waiting.TrySetResult(answer);
        }
    }

    public sealed class Expectation(SubmissionAnswers answers, Guid experimentId, Task<SubmissionAnswer> answer) : IDisposable
    {
        /// <returns>Null when no answer came in time.</returns>
        public async Task<SubmissionAnswer?> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
        {
            try
            {
                return await answer.WaitAsync(patience, answers._time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        public void Dispose() => answers._waiting.TryRemove(experimentId, out _);
    }

    private readonly TimeProvider _time = time;
}
