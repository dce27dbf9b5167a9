using System.Globalization;
using MaeLab.Domain.Recipes;

namespace MaeLab.Runner.Telemetry;

/// <summary>
/// How fast this runner trains, in GFLOP/s: counted operations over measured time of what it has trained. Kept in its data
/// folder, so that predictions are good from the start of its next life.
/// </summary>
public sealed partial class TrainingRate(RunnerIdentity identity, OfferedDatasets offered, ILogger<TrainingRate> logger)
{
    /// <summary>Shorter stretches measure the start more than the training.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(5);

    private readonly string _path = Path.Combine(identity.Folder, "gigaflops");
    private readonly Lock _lock = new();
    private double? _gigaflops;
    private bool _read;

    public double? GigaflopsPerSecond
    {
        get
        {
            lock (_lock)
            {
                return Read();
            }
        }
    }

    /// <summary>Learns from a stretch of real training, evaluations included: that is what a prediction is about.</summary>
    public void Learn(Recipe recipe, long steps, TimeSpan time)
    {
        if (time >= s_shortest)
        {
            Learn(recipe, steps, time, weight: 0.5);
        }
    }

    /// <summary>Learns from a short run made for this purpose, unless something better is known.</summary>
    public void LearnFromCalibration(Recipe recipe, long steps, TimeSpan time)
    {
        lock (_lock)
        {
            if (Read() is null)
            {
                Learn(recipe, steps, time, weight: 1);
            }
        }
    }

    private void Learn(Recipe recipe, long steps, TimeSpan time, double weight)
    {
        if (steps <= 0 || offered.All.FirstOrDefault(dataset => dataset.Name == recipe.Dataset.Name) is not { } dataset)
        {
            return;
        }

        var cost = RecipeCost.Of(recipe, dataset);
        var measured = cost.TotalTrainFlops * steps / cost.TotalSteps / time.TotalSeconds / 1e9;
        lock (_lock)
        {
            var value = Read() is { } known ? known + (weight * (measured - known)) : measured;
            _gigaflops = value;
            TryKeep(value);
        }
    }

    private void TryKeep(double value)
    {
        try
        {
            File.WriteAllText(_path, value.ToString("R", CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Costs the next life a measurement; the training that taught it is none the worse.
            LogNotKept(error, _path);
        }
    }

    private double? Read()
    {
        if (!_read)
        {
            _read = true;
            if (File.Exists(_path) && double.TryParse(File.ReadAllText(_path), CultureInfo.InvariantCulture, out var kept) && kept > 0)
            {
                _gigaflops = kept;
            }
        }

        return _gigaflops;
    }

    [LoggerMessage(LogLevel.Warning, "The rate of this runner could not be written to {Path}; its next life has to measure it again")]
    private partial void LogNotKept(Exception error, string path);
}
