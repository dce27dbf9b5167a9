using System.Diagnostics;
using System.Globalization;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;

namespace MaeLab.Benchmarks.Ring;

/// <summary>The processor time that the parts of a ring have used up to a moment.</summary>
internal sealed class RingUse
{
    private readonly long _at = Stopwatch.GetTimestamp();
    private readonly IReadOnlyDictionary<string, TimeSpan> _parts;

    private RingUse(IReadOnlyDictionary<string, TimeSpan> parts) => _parts = parts;

    public static async Task<RingUse> ReadAsync(RunningRing ring, PostgresServer databases, RabbitMqServer brokers)
    {
        var parts = new Dictionary<string, TimeSpan> { ["scheduler"] = ring.Schedulers[0].ProcessorTime };
        foreach (var (name, node) in new[] { ("database", databases.Node), ("broker", brokers.Node) })
        {
            // A server of somebody else's has processes that we cannot see.
            if (node is not null)
            {
                parts[name] = await ProcessorTimeAsync(node);
            }
        }

        foreach (var (number, web) in ring.Webs.Index())
        {
            parts[$"web {number + 1}"] = web.ProcessorTime;
        }

        return new(parts);
    }

    /// <returns>What each part has used since, in per cent of one core.</returns>
    public string Since(RingUse before)
    {
        var seconds = Stopwatch.GetElapsedTime(before._at, _at).TotalSeconds;
        return string.Join(", ", _parts.Select(part => string.Create(
            CultureInfo.InvariantCulture, $"{part.Key} {100 * (part.Value - before._parts[part.Key]).TotalSeconds / seconds:F1} %")));
    }

    /// <summary>Of all its processes, those that have ended meanwhile too.</summary>
    private static async Task<TimeSpan> ProcessorTimeAsync(ServerNode node)
    {
        var ticks = 0L;
        foreach (var id in await node.ProcessIdsAsync())
        {
            try
            {
                // proc(5): utime, stime, and the same of children that were waited for, are the fields 14 to 17; the name before may have spaces.
                var fields = (await File.ReadAllTextAsync($"/proc/{id}/stat")).Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                ticks += fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // It ended just now, and is counted with the process that started it.
            }
        }

        return TimeSpan.FromSeconds(ticks / 100.0);
    }
}
