using System.Collections.Concurrent;
using MaeLab.Domain;

namespace MaeLab.Web.Live;

/// <summary>What the scheduler said of a submission.</summary>
/// <param name="Errors">Empty when accepted.</param>
/// <param name="StoredAs">The experiment that an earlier submission of the same idempotency key had made; null: the one submitted.</param>
public sealed record SubmissionAnswer(bool Accepted, IReadOnlyList<FieldError> Errors, Guid? StoredAs = null);

/// <summary>Brings the scheduler's answers to all who wait for them in this process.</summary>
public sealed class SubmissionAnswers(TimeProvider time)
{
    private readonly ConcurrentDictionary<Expectation, byte> _waiting = new();

    /// <summary>Call before publishing, so that no answer is too early.</summary>
    public Expectation Expect(Guid experimentId)
    {
        var expectation = new Expectation(this, experimentId);
        _waiting.TryAdd(expectation, 0);
        return expectation;
    }

    public void Answer(Guid experimentId, SubmissionAnswer answer)
    {
        foreach (var (expectation, _) in _waiting)
        {
            expectation.Hear(experimentId, answer);
        }
    }

    public sealed class Expectation(SubmissionAnswers answers, Guid experimentId) : IDisposable
    {
        private readonly TaskCompletionSource<SubmissionAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <returns>Null when no answer came in time.</returns>
        public async Task<SubmissionAnswer?> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
        {
            try
            {
                return await _answer.Task.WaitAsync(patience, answers._time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        public void Dispose() => answers._waiting.TryRemove(this, out _);

        internal void Hear(Guid answered, SubmissionAnswer answer)
        {
            if (answered == experimentId)
            {
                _answer.TrySetResult(answer);
            }
        }
    }

    private readonly TimeProvider _time = time;
}
