namespace MaeLab.Domain.Metrics;

/// <summary>How a classifier did on the probe images beyond its accuracy: the details of every such stored result, as JSON.</summary>
/// <param name="PerClass">Share recognised of each class; null for a class without probe images.</param>
/// <param name="TrainImages">Images it learnt from.</param>
public sealed record ClassificationDetails(IReadOnlyList<double?> PerClass, int TrainImages, int ProbeImages)
{
    /// <summary>More classes make a matrix that nobody reads and that outweighs all else of a result.</summary>
    private const int MaxMatrixClasses = 200;

    /// <summary>Images by true class (rows) and guess (columns); null beyond 200 classes, and in results older than this member.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Confusion { get; init; }

    /// <summary>Null where the data set names none.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>For a classifier trained in steps; null for others.</summary>
    public TrainedWith? Training { get; init; }

    /// <summary>For a control from scratch: by how much the accuracy of fine-tuning is above this one; null for others.</summary>
    public double? PretrainingGain { get; init; }

    /// <param name="labels">True class of every probe image.</param>
    /// <param name="guesses">In the same order.</param>
    public static (double Accuracy, ClassificationDetails Details) Of(
        IReadOnlyList<int> labels, IReadOnlyList<int> guesses, int classes, int trainImages, IReadOnlyList<string>? classNames)
    {
        var seen = new int[classes];
        var right = new int[classes];
        var confusion = classes <= MaxMatrixClasses ? Enumerable.Range(0, classes).Select(_ => new int[classes]).ToArray() : null;
        for (var image = 0; image < labels.Count; image++)
        {
            var (label, guess) = (labels[image], guesses[image]);
            seen[label]++;
            right[label] += guess == label ? 1 : 0;
            if (confusion is not null)
            {
                confusion[label][guess]++;
            }
        }

        return ((double)right.Sum() / labels.Count,
            new([.. seen.Select((count, label) => count > 0 ? (double?)right[label] / count : null)], trainImages, labels.Count)
            {
                Confusion = confusion,
                ClassNames = classNames,
            });
    }
}

/// <summary>What a classifier's training came to once its batch was fitted to the data set.</summary>
public sealed record TrainedWith(int Epochs, long Steps, int BatchSize, double PeakLearningRate);
