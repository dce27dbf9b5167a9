using System.Runtime.CompilerServices;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Model;

namespace MaeLab.Storage.Archives;

/// <summary>A checkpoint's file as the pieces in which the database has it.</summary>
internal static class CheckpointPieces
{
    /// <param name="number">Of the file.</param>
    /// <exception cref="ArchiveException">It is not the one that its row tells of.</exception>
    public static async IAsyncEnumerable<CheckpointChunkRow> ReadAsync(
        ArchiveReader archive, CheckpointRow checkpoint, long number, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = ArchiveFormat.Checkpoint(number);
        await using var content = await archive.OpenAsync(name, cancellationToken);
        if (content.Length != checkpoint.SizeBytes || content.Sha256 != checkpoint.Sha256 || !checkpoint.Complete)
        {
            throw new ArchiveException(name, $"is not the checkpoint {checkpoint.Id} of {checkpoint.SizeBytes} bytes that its row tells of.");
        }

        for (var index = 0; content.Left > 0; index++)
        {
            var size = (int)Math.Min(CheckpointStore.PieceSize, content.Left);
            yield return new() { CheckpointId = checkpoint.Id, Index = index, Data = await content.ReadAsync(size, cancellationToken) };
        }

        await content.CompleteAsync(cancellationToken);
    }
}
