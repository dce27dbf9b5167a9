using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage;
using MaeLab.Storage.Checkpoints;

namespace MaeLab.Runner.Execution;

/// <summary>The checkpoint of the order cannot be used; the next attempt gets another one.</summary>
internal sealed class RestorePointLostException(Exception cause) : Exception(cause.Message, cause);

/// <summary>What an attempt goes on from, as copies in its folder.</summary>
/// <param name="Checkpoint">Opens it; null: from the beginning.</param>
/// <param name="Evaluation">Opens the state of the evaluations that an earlier attempt made at that checkpoint; null: there is none.</param>
internal sealed record RestorePoint(Func<Stream>? Checkpoint, Func<Stream>? Evaluation)
{
    /// <exception cref="RestorePointLostException">A part is damaged, and hidden from now on, or gone.</exception>
    /// <exception cref="FenceLostException">A part is damaged, and the run another attempt's by now.</exception>
    /// <exception cref="TrainingFailedException">As before, where it was to be examined: no other one will do.</exception>
    public static async Task<RestorePoint> DownloadAsync(AttemptOrder order, ShippingStores stores, string folder, CancellationToken cancellationToken)
    {
        if (order.RestoreCheckpointId is not { } id)
        {
            return new(null, null);
        }

        var checkpoint = await CopyAsync(id, Path.Combine(folder, "restore.safetensors"), order, stores, cancellationToken);
        var state = order.Kind == RunKind.Theory ? null : await stores.Patience.DoAsync(
            "the question how far its evaluations are", token => stores.States.FindAsync(order.RunId, order.RestoreStep, token), _ => false, cancellationToken);
        return new(
            checkpoint,
            state is { } found ? await CopyAsync(found, Path.Combine(folder, "restore-evaluation.safetensors"), order, stores, cancellationToken) : null);
    }

    private static async Task<Func<Stream>> CopyAsync(Guid id, string path, AttemptOrder order, ShippingStores stores, CancellationToken cancellationToken)
    {
        try
        {
            await stores.Patience.DoAsync(
                "the question for its checkpoint",
                async token =>
                {
                    await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20, FileOptions.Asynchronous);
                    await stores.Checkpoints.CopyToAsync(id, file, token);
                },
                error => error is CheckpointCorruptException or KeyNotFoundException,
                cancellationToken);
        }
        catch (CheckpointCorruptException corrupt)
        {
            // Hidden from now on, so that the next attempt goes on from the one before.
            await stores.Patience.DoAsync(
                "that a checkpoint is damaged",
                token => stores.Checkpoints.HideAsync(id, order.RunId, order.Attempt, token),
                error => error is FenceLostException,
                cancellationToken);
            throw Lost(order, corrupt);
        }
        catch (KeyNotFoundException gone)
        {
            // Removed between the order and now; a new order names the one that took its place.
            throw Lost(order, gone);
        }

        return () => File.OpenRead(path);
    }

    private static Exception Lost(AttemptOrder order, Exception cause) => order.Kind == RunKind.Theory
        ? new TrainingFailedException(
            ReasonCode.BadData, $"The checkpoint of step {order.RestoreStep} is gone or damaged: examine another checkpoint of the run. {cause.Message}", cause)
        : new RestorePointLostException(cause);
}
