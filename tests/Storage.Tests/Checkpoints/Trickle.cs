namespace MaeLab.Storage.Tests.Checkpoints;

/// <summary>Gives at most 100,000 bytes a read.</summary>
internal class Trickle(byte[] content) : MemoryStream(content)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, 100_000)], cancellationToken);
}

/// <summary>Fails where its content ends.</summary>
internal sealed class BrokenStream(byte[] content) : Trickle(content)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Position == Length ? throw new IOException("The source broke.") : base.ReadAsync(buffer, cancellationToken);
}

/// <summary>Lets something happen once half of its content was read.</summary>
internal sealed class Interrupted(byte[] content, Func<Task> happening) : Trickle(content)
{
    private bool _happened;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position > Length / 2 && !_happened)
        {
            _happened = true;
            await happening();
        }

        return await base.ReadAsync(buffer, cancellationToken);
    }
}
