using MaeLab.Contracts.Facts;
using MaeLab.Domain;
using MassTransit;

namespace MaeLab.Web.Live;

/// <summary>Hears every fact on a queue of this process alone and passes on where to look.</summary>
public sealed partial class HintConsumer(LiveFeed feed, SubmissionAnswers answers, ILogger<HintConsumer> logger) :
    IConsumer<ExperimentAccepted>,
    IConsumer<ExperimentRejected>,
    IConsumer<ExperimentChanged>,
    IConsumer<RunChanged>,
    IConsumer<RunStarted>,
    IConsumer<RunProgressed>,
    IConsumer<CheckpointSaved>,
    IConsumer<RunEnded>,
    IConsumer<RunnerReported>
{
    public Task Consume(ConsumeContext<ExperimentAccepted> context)
    {
        answers.Answer(context.Message.ExperimentId, new(true, [], context.Message.StoredAs));
        return Hint(new(context.Message.ExperimentId));
    }

    public Task Consume(ConsumeContext<ExperimentRejected> context)
    {
        answers.Answer(context.Message.ExperimentId, new(false, [.. context.Message.Errors.Select(error => new FieldError(error.Field, error.Message))]));
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<ExperimentChanged> context) => Hint(new(context.Message.ExperimentId));

    public Task Consume(ConsumeContext<RunChanged> context) => Hint(new(context.Message.ExperimentId, context.Message.RunId));

    public Task Consume(ConsumeContext<RunStarted> context)
    {
        LogStarted(context.Message.RunId, context.Message.ExperimentId, context.Message.Attempt);
        return Hint(new(context.Message.ExperimentId, context.Message.RunId));
    }

    public Task Consume(ConsumeContext<RunProgressed> context) => Hint(new(context.Message.ExperimentId, context.Message.RunId));

    public Task Consume(ConsumeContext<CheckpointSaved> context) => Hint(new(context.Message.ExperimentId, context.Message.RunId));

    public Task Consume(ConsumeContext<RunEnded> context) => Hint(new(context.Message.ExperimentId, context.Message.RunId));

    public Task Consume(ConsumeContext<RunnerReported> context) => Hint(new(Runners: true));

    private Task Hint(LiveHint hint)
    {
        feed.Publish(hint);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId} of experiment {ExperimentId} has begun: attempt {Attempt}")]
    private partial void LogStarted(Guid runId, Guid experimentId, int attempt);
}
