using MaeLab.Contracts.Commands;
using MaeLab.Web.Access;

namespace MaeLab.Web.Features.Theory;

/// <summary>Has checkpoints examined by all theory probes.</summary>
public sealed class TheoryControl(CommandSender commands)
{
    /// <summary>Those that wait, run or are done already are left as they are; a job that was given up is tried again.</summary>
    /// <returns>False when the broker did not take it.</returns>
    public Task<bool> ExamineAsync(IReadOnlyList<Guid> checkpointIds, Actor actor, CancellationToken cancellationToken) =>
        commands.SendAsync(actor, new RequestTheory(checkpointIds, actor.Name), cancellationToken);
}
