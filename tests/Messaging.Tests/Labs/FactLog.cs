using System.Collections.Concurrent;
using MaeLab.Contracts.Facts;
using MaeLab.Testing;
using MassTransit;

namespace MaeLab.Messaging.Tests.Labs;

/// <summary>Everything said on the bus, in the order of arrival; what a page would hear.</summary>
internal sealed class FactLog
{
    private readonly ConcurrentQueue<object> _facts = [];

    public void Add(object fact) => _facts.Enqueue(fact);

    public IEnumerable<T> Of<T>() => _facts.OfType<T>();

    public Task<T> WaitForAsync<T>(Func<T, bool>? which = null) =>
        Eventually.GetAsync($"a {typeof(T).Name}", () => Task.FromResult(Of<T>().FirstOrDefault(which ?? (_ => true))));
}

internal sealed class FactLogConsumer(FactLog log) :
    IConsumer<ExperimentAccepted>, IConsumer<ExperimentRejected>, IConsumer<RunChanged>, IConsumer<RunStarted>,
    IConsumer<RunProgressed>, IConsumer<CheckpointSaved>, IConsumer<RunEnded>, IConsumer<RunnerReported>, IConsumer<ExperimentChanged>
{
    public Task Consume(ConsumeContext<ExperimentAccepted> context) => Add(context.Message);

    public Task Consume(ConsumeContext<ExperimentRejected> context) => Add(context.Message);

    public Task Consume(ConsumeContext<RunChanged> context) => Add(context.Message);

    public Task Consume(ConsumeContext<RunStarted> context) => Add(context.Message);

    public Task Consume(ConsumeContext<RunProgressed> context) => Add(context.Message);

    public Task Consume(ConsumeContext<CheckpointSaved> context) => Add(context.Message);

    public Task Consume(ConsumeContext<RunEnded> context) => Add(context.Message);

    public Task Consume(ConsumeContext<RunnerReported> context) => Add(context.Message);

    public Task Consume(ConsumeContext<ExperimentChanged> context) => Add(context.Message);

    private Task Add(object fact)
    {
        log.Add(fact);
        return Task.CompletedTask;
    }
}
