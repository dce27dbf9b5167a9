using CsCheck;
using MaeLab.Domain.Metrics;
using MaeLab.Runner.Spooling;
using MaeLab.Runner.Telemetry;

namespace MaeLab.Messaging.Tests.Spooling;

public sealed class SpoolTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("maelab-spool-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Items_are_read_back_in_order_by_their_own_process_and_by_the_next() => SampleItems.Any.Array[0, 20].Sample(
        items =>
        {
            using var spool = Create();
            Assert.All(items, item => Assert.Null(spool.TryAppend(item)));

            Assert.Equal(items.Select(SampleItems.Text), ReadAll(spool).Select(SampleItems.Text));

            using var found = Spool.Find(spool.Folder)!;
            Assert.Equal(spool.Order, found.Order);
            Assert.Equal(items.Select(SampleItems.Text), ReadAll(found).Select(SampleItems.Text));
        },
        iter: 60, threads: 1);

    [Fact]
    public void File_cut_off_at_any_byte_gives_every_item_before_the_cut() => SampleItems.Any.Array[1, 4].Sample(
        items =>
        {
            var (folder, file, ends) = Write(items);
            var whole = File.ReadAllBytes(file);
            for (var length = 0; length < whole.Length; length++)
            {
                File.WriteAllBytes(file, whole[..length]);

                var (read, damage) = ReadUntilDamage(folder);

                Assert.Equal(items.Take(ends.Count(end => end <= length)).Select(SampleItems.Text), read.Select(SampleItems.Text));
                Assert.Equal(length == 0 || ends.Contains(length) ? null : true, damage?.IsTorn);
            }
        },
        iter: 2, threads: 1);

    [Fact]
    public void Flipped_bit_is_found_and_costs_nothing_before_it() =>
        Gen.Select(SampleItems.Any.Array[1, 4], Gen.Double.Unit, Gen.Int[0, 7]).Sample(
            (items, where, bit) =>
            {
                var (folder, file, ends) = Write(items);
                var content = File.ReadAllBytes(file);
                var at = (int)(where * (content.Length - 1));
                content[at] ^= (byte)(1 << bit);
                File.WriteAllBytes(file, content);

                var (read, damage) = ReadUntilDamage(folder);

                var whole = ends.Count(end => end <= at);
                Assert.Equal(items.Take(whole).Select(SampleItems.Text), read.Select(SampleItems.Text));
                Assert.NotNull(damage);
                Assert.Contains(file, damage.Message, StringComparison.Ordinal);
                Assert.Contains($"byte {(whole == 0 ? 0 : ends[whole - 1])}", damage.Message, StringComparison.Ordinal);
            },
            iter: 150, threads: 1);

    [Fact]
    public void What_is_stored_is_deleted_and_what_is_not_can_be_read_again()
    {
        using var spool = Create();
        for (var step = 0; step < 300_000; step += 3000)
        {
            Assert.Null(spool.TryAppend(Points(step, 3000)));
        }

        var files = Files(spool.Folder);
        Assert.InRange(files.Length, 5, 7);
        for (var item = 0; item < 60; item++)
        {
            spool.Read();
        }

        Assert.Equal(files, Files(spool.Folder));
        spool.Release();

        var left = Files(spool.Folder);
        Assert.InRange(left.Length, 2, 3);
        using var found = Spool.Find(spool.Folder)!;
        var first = Assert.IsType<PointsItem>(found.Read());
        Assert.InRange(first.Points[0].Step, 120_000, 180_000);
        Assert.Equal(180_000, Assert.IsType<PointsItem>(spool.Read()).Points[0].Step);
    }

    [Fact]
    public void Full_spool_refuses_points_and_takes_how_the_attempt_went()
    {
        using var spool = Create(limit: 100_000);
        Assert.Null(spool.TryAppend(Points(0, 3000)));

        Assert.Contains("Runner:SpoolBytes", spool.TryAppend(Points(3000, 3000)), StringComparison.Ordinal);

        Assert.Null(spool.TryAppend(new PointsItem([], 6000, 3000)));
        Assert.Null(spool.TryAppend(new OutcomeItem(new())));
        Assert.Equal([3000, 0], ReadAll(spool).OfType<PointsItem>().Select(item => item.Points.Count));
    }

    [Fact]
    public void Disk_that_takes_no_more_is_told_and_leaves_the_spool_as_it_was()
    {
        // No file can be made in a folder that is a file.
        using var spool = Create();
        Directory.Delete(spool.Folder, recursive: true);
        File.WriteAllText(spool.Folder, "");
        Assert.NotNull(spool.TryAppend(Points(0, 1)));
        File.Delete(spool.Folder);

        Assert.Null(spool.TryAppend(Points(1, 1)));

        Assert.Equal(1, Assert.IsType<PointsItem>(Assert.Single(ReadAll(spool))).Points[0].Step);
    }

    [Fact]
    public void Points_wait_in_memory_for_room_and_follow_in_order_before_what_came_after_them()
    {
        using var spool = Create();
        var queue = new ShippingQueue();
        var said = new List<string>();
        var spooler = new Spooler(queue, spool, new(spool, long.MaxValue), (_, text) => said.Add(text), () => { }, TimeProvider.System);
        // No file can be made in a folder that is a file.
        Directory.Delete(spool.Folder, recursive: true);
        File.WriteAllText(spool.Folder, "");
        for (var step = 0; step < 10_000; step++)
        {
            queue.Add(new MetricPoint(SeriesNames.TrainLoss, step, 0.5));
            if (step == 5000)
            {
                Assert.False(spooler.Move());
            }
        }

        queue.Add(new OutcomeItem(new()));
        Assert.False(spooler.Move());
        File.Delete(spool.Folder);

        Assert.True(spooler.Move());
        var read = ReadAll(spool);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(step => (long)step), read.OfType<PointsItem>().SelectMany(item => item.Points).Select(point => point.Step));
        Assert.IsType<OutcomeItem>(read[^1]);
        Assert.Equal((10_000, 0), (queue.Produced, queue.Dropped));
        Assert.Empty(said);
    }

    private static PointsItem Points(long first, int count) =>
        new([.. Enumerable.Range(0, count).Select(i => new MetricPoint(SeriesNames.TrainLoss, first + i, 0.5))], first + count, 0);

    private static string[] Files(string folder) => [.. Directory.GetFiles(folder, "*.spool").Order(StringComparer.Ordinal)];

    private static List<ShipItem> ReadAll(Spool spool)
    {
        var items = new List<ShipItem>();
        while (spool.Read() is { } item)
        {
            items.Add(item);
        }

        return items;
    }

    private static (List<ShipItem> Read, SpoolDamagedException? Damage) ReadUntilDamage(string folder)
    {
        using var spool = Spool.Find(folder)!;
        var items = new List<ShipItem>();
        try
        {
            while (spool.Read() is { } item)
            {
                items.Add(item);
            }

            return (items, null);
        }
        catch (SpoolDamagedException damage)
        {
            return (items, damage);
        }
    }

    private Spool Create(long limit = long.MaxValue) =>
        Spool.Create(Directory.CreateDirectory(Path.Combine(_root, Guid.NewGuid().ToString("n"))).FullName, SampleItems.Order(), limit);

    /// <summary>The items in one file; behind each of them, where it ends.</summary>
    private (string Folder, string File, List<long> Ends) Write(ShipItem[] items)
    {
        using var spool = Create();
        var ends = new List<long>();
        foreach (var item in items)
        {
            Assert.Null(spool.TryAppend(item));
            ends.Add(new FileInfo(Files(spool.Folder)[0]).Length);
        }

        return (spool.Folder, Files(spool.Folder)[0], ends);
    }
}
