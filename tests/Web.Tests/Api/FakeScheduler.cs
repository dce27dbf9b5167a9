using System.Threading.Channels;
using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MassTransit;

namespace MaeLab.Web.Tests.Api;

/// <summary>Hears the commands of web; accepts every experiment unless told what to find wrong with it.</summary>
public sealed class FakeScheduler
{
    private readonly Channel<object> _heard = Channel.CreateUnbounded<object>();

    /// <summary>When not empty, experiments are rejected with these.</summary>
    public IReadOnlyList<RejectedField> Errors { get; set; } = [];

    public void Configure(IReceiveEndpointConfigurator endpoint)
    {
        endpoint.Handler<SubmitExperiment>(async context =>
        {
            await _heard.Writer.WriteAsync(context.Message, context.CancellationToken);
            await (Errors.Count > 0
                ? context.Publish(new ExperimentRejected(context.Message.ExperimentId, Errors), context.CancellationToken)
                : context.Publish(new ExperimentAccepted(context.Message.ExperimentId, 1), context.CancellationToken));
        });
        Hear<ControlRun>(endpoint);
        Hear<ChangeExperiment>(endpoint);
        Hear<PrioritizeRuns>(endpoint);
        Hear<MoveRuns>(endpoint);
        Hear<DeleteRuns>(endpoint);
        Hear<RestoreRuns>(endpoint);
        Hear<RequestTheory>(endpoint);
        Hear<QueueCell>(endpoint);
    }

    private void Hear<T>(IReceiveEndpointConfigurator endpoint)
        where T : class => endpoint.Handler<T>(async context => await _heard.Writer.WriteAsync(context.Message, context.CancellationToken));

    /// <returns>The next command that was heard.</returns>
    public async Task<T> NextAsync<T>(CancellationToken cancellationToken) => (T)await _heard.Reader.ReadAsync(cancellationToken);
}
