using MaeLab.Domain.Recipes;
using MaeLab.Engine.Native;
using MaeLab.Engine.Training;

namespace MaeLab.Runner.Execution;

/// <summary>
/// What the runs of this runner are estimated to hold of its memory at once. One that does not fit beside those under way waits in its slot until it
/// does: Linux would kill the runner with all of them. Who came first begins first, so that a large one gets its turn.
/// </summary>
public sealed class MemoryBook(Lazy<RunnerHardware> hardware, OfferedDatasets datasets, TimeProvider time)
{
    private static readonly TimeSpan s_untilAskedAgain = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly List<Place> _places = []; // in the order in which they came

    private long Total => hardware.Value.MemoryBytes;

    /// <returns>To be disposed when the run is over; null where it was told to stop while it waited.</returns>
    internal async Task<IDisposable?> EnterAsync(Recipe recipe, ITrainingSink sink, CancellationToken cancellationToken)
    {
        var place = new Place(this, BytesOf(recipe));
        lock (_lock)
        {
            _places.Add(place);
        }

        try
        {
            for (var told = false; !MayBegin(place, out var before); told = true)
            {
                if (sink.StopRequested != StopRequest.None)
                {
                    place.Dispose();
                    return null;
                }

                if (!told)
                {
                    sink.Log(LogSeverity.Info, FormattableString.Invariant(
                        $"Waits for memory: it needs about {place.Bytes / 1e9:0.##} GB by estimate, and the runs before it take {before / 1e9:0.##} of this runner's {Total / 1e9:0.##} GB."));
                }

                await Task.Delay(s_untilAskedAgain, time, cancellationToken);
            }

            return place;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    /// <summary>0 where it does not train on the CPU, whose memory this is, or of what is not here: the engine says so.</summary>
    private long BytesOf(Recipe recipe) =>
        (recipe.Device == ComputeDevice.Cpu || hardware.Value.Device == TrainingDevice.Cpu) && datasets.All.FirstOrDefault(known => known.Name == recipe.Dataset.Name) is { } dataset
            ? RecipeCost.Of(recipe, dataset).PeakMemoryBytes
            : 0;

    /// <summary>Alone each may: whether it fits at all the engine says.</summary>
    private bool MayBegin(Place place, out long before)
    {
        lock (_lock)
        {
            before = _places.TakeWhile(other => other != place).Sum(other => other.Bytes);
            return before == 0 || place.Bytes > Total || before + place.Bytes <= Total;
        }
    }

    private sealed class Place(MemoryBook book, long bytes) : IDisposable
    {
        public long Bytes => bytes;

        public void Dispose()
        {
            lock (book._lock)
            {
                book._places.Remove(this);
            }
        }
    }
}
