using MaeLab.Domain.Recipes;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Data;

/// <summary>A data set that is on this machine: the files of a known one, or a folder of images.</summary>
public interface IDatasetSource
{
    DatasetInfo Info { get; }

    /// <param name="limit">Train on the first so many images only; null: all.</param>
    /// <param name="sink">Is told what takes long, and asked whether the run is to stop.</param>
    /// <exception cref="TrainingFailedException">Bad data: missing, truncated or wrong files.</exception>
    Dataset Open(int? limit, ImageCache cache, ITrainingSink sink, CancellationToken cancellationToken);
}
