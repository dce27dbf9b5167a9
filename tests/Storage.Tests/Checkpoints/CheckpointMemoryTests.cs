using MaeLab.Storage.Checkpoints;
using MaeLab.Testing.Databases;

namespace MaeLab.Storage.Tests.Checkpoints;

/// <summary>A checkpoint of any size goes both ways in the memory of a few pieces.</summary>
public abstract class CheckpointMemoryTests(ITestDatabases databases) : DatabaseTests(databases)
{
    private const long Size = 200_000_000;

    private const long Allowed = 64_000_000;

    [Fact]
    public async Task Large_checkpoint_is_stored_and_loaded_in_constant_memory()
    {
        var store = new CheckpointStore(Database.Contexts, TimeProvider.System);
        using var source = new MeasuringStream(Size);
        var saved = await store.SaveAsync(Guid.CreateVersion7(), Run, 1, 1, 1, final: true, source, Token);
        using var target = new MeasuringStream(Size);
        await store.CopyToAsync(saved.Id, target, Token);

        Assert.Equal((Size, Size, Size), (saved.SizeBytes, source.Position, target.Position));
        Assert.InRange(Math.Max(source.Most, target.Most), 1, Allowed);
    }

    /// <summary>Zeros, or nowhere; looks every 16 MB how much memory is in use beyond what was at its beginning.</summary>
    private sealed class MeasuringStream(long size) : Stream
    {
        private const long LookEvery = 16_000_000;

        private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
        private long _position;
        private long _look = LookEvery;

        public long Most { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, size - _position);
            Array.Clear(buffer, offset, read);
            Pass(read);
            return read;
        }

        public override void Write(byte[] buffer, int offset, int count) => Pass(count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private void Pass(int count)
        {
            _position += count;
            if (_position < _look)
            {
                return;
            }

            _look += LookEvery;
            Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: true) - _before);
        }
    }
}

public sealed class CheckpointMemoryOnPostgres(PostgresServer server) : CheckpointMemoryTests(server);

public sealed class CheckpointMemoryOnSqlite(SqliteFiles files) : CheckpointMemoryTests(files);
