using MaeLab.Contracts.Commands;
using MaeLab.Web.Access;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Has combinations of levels run that an experiment has no runs of.</summary>
public sealed class CellControl(CommandSender commands)
{
    /// <param name="levels">A JSON literal for every axis but the seed.</param>
    /// <returns>False when the broker did not take it.</returns>
    public Task<bool> QueueAsync(Guid experimentId, IReadOnlyDictionary<string, string> levels, Actor actor, CancellationToken cancellationToken) =>
        commands.SendAsync(actor, new QueueCell(experimentId, levels, actor.Name), cancellationToken);
}
