using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>Features by which frozen encoders are judged: the cls token after the final norm, every patch visible. In fp32.</summary>
internal sealed class FeatureExtractor(Mae model, ImageLoader loader, Device device, Interruption interruption)
{
    /// <summary>Of a whole set, images as they are.</summary>
    /// <returns>[n, D]</returns>
    public Tensor Of(Weights weights, ImageSet set) =>
        Of(weights, set, Enumerable.Range(0, set.Count));

    /// <summary>Of some images of a set, as they are.</summary>
    /// <returns>[n, D]</returns>
    public Tensor Of(Weights weights, ImageSet set, IEnumerable<int> images) =>
        Of(weights, interruption.Batches(images).Select(batch => loader.Tensor(set, batch, device)));

    /// <summary>Of the next images of a feed.</summary>
    /// <param name="feed">Its plan says how many images a batch has.</param>
    /// <returns>[<paramref name="count"/>, D]</returns>
    public Tensor Of(Weights weights, BatchFeed<int> feed, int count)
    {
        return Of(weights, Batches());

        IEnumerable<Tensor> Batches()
        {
            for (var left = count; left > 0;)
            {
                interruption.Check();
                var batch = feed.Next(interruption.Token);
                left -= batch.Plan;
                yield return tensor(batch.Pixels, [batch.Plan, model.Shape.Channels, model.Shape.ImageSize, model.Shape.ImageSize], device: device);
                feed.Return(batch);
            }
        }
    }

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
