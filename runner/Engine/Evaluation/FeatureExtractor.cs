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
        Of(weights, [.. Enumerable.Range(0, set.Count)], (index, result) => loader.Plain(set, index, result));

    /// <summary>Of some images, as <paramref name="write"/> makes them.</summary>
    /// <returns>[n, D]</returns>
    public Tensor Of(Weights weights, IReadOnlyList<int> images, ImageWriter write)
    {
        using var free = no_grad();
        var parts = new List<Tensor>();
        foreach (var batch in interruption.Batches(images))
        {
            using var scope = NewDisposeScope();
            parts.Add(model.EncodeAll(weights, loader.Tensor(batch, device, write)).select(1, 0).MoveToOuterDisposeScope());
        }

        return cat(parts, 0);
    }

    /// <returns>[n] int64</returns>
    public Tensor Labels(ImageSet set) => tensor(set.Labels.ToArray().Select(label => (long)label).ToArray(), device: device);
}
