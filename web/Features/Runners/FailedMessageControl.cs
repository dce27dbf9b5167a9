using MaeLab.Domain.Accounts;
using MaeLab.Hosting.Bus;
using MaeLab.Web.Access;

namespace MaeLab.Web.Features.Runners;

/// <summary>Settles commands that could not be carried out. They may be anybody's, so it takes an administrator.</summary>
public sealed class FailedMessageControl(FailedMessages messages, ChangeGate gate, AuditLog audit)
{
    /// <inheritdoc cref="FailedMessages.RequeueAsync"/>
    public Task<bool?> RequeueAsync(Actor actor, string id, CancellationToken cancellationToken) =>
        SettleAsync(actor, "RequeueMessage", id, messages.RequeueAsync, cancellationToken);

    /// <inheritdoc cref="FailedMessages.DiscardAsync"/>
    public Task<bool?> DiscardAsync(Actor actor, string id, CancellationToken cancellationToken) =>
        SettleAsync(actor, "DiscardMessage", id, messages.DiscardAsync, cancellationToken);

    private async Task<bool?> SettleAsync(
        Actor actor, string action, string id, Func<string, CancellationToken, Task<bool?>> settle, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Admin, cancellationToken);
        await audit.WriteAsync(actor, action, $"message {id}", cancellationToken);
        return await settle(id, cancellationToken);
    }
}
