using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>Features by which frozen encoders are judged: the cls token after the final norm, every patch visible. In fp32.</summary>
internal sealed class FeatureExtractor(Mae model, ImageLoader loader, Device device, Interruption interruption)
{
    /// <summary>Of a whole set, images as they are, which other threads make ahead.</summary>
    /// <returns>[n, D]</returns>
    public Tensor Of(Weights weights, ImageSet set)
    {
        using var feed = loader.Feed(set, interruption.BatchSize);
        return Of(weights, feed, set.Count);
    }

    /// <summary>Of some images of a set, as they are.</summary>
    /// <returns>[n, D]</returns>
    public Tensor Of(Weights weights, ImageSet set, IEnumerable<int> images) =>
        Of(weights, interruption.Batches(images).Select(batch => loader.Tensor(set, batch, device)));

    /// <summary>Of the next images of a feed.</summary>
    /// <param name="feed">Its plan says how many images a batch has.</param>
    /// <returns>[<paramref name="count"/>, D]</returns>
    public Tensor Of(Weights weights, BatchFeed<int> feed, int count) =>
        Of(weights, feed.Take(count, model.Shape, device, interruption));

    /// <param name="batches">[N, C, S, S] each; taken over.</param>
    private Tensor Of(Weights weights, IEnumerable<Tensor> batches)
    {
        using var free = no_grad();
        var parts = new List<Tensor>();
        foreach (var batch in batches)
        {
            using var images = batch;
            using var scope = NewDisposeScope();
            parts.Add(model.EncodeAll(weights, images).select(1, 0).MoveToOuterDisposeScope());
        }

        return cat(parts, 0);
    }

    /// <returns>[n] int64</returns>
    public Tensor Labels(ImageSet set) => tensor(set.Labels.ToArray().Select(label => (long)label).ToArray(), device: device);
}
