using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>The next images of a feed as tensors; asks before each batch whether to go on.</summary>
internal static class FedImages
{
    /// <param name="feed">Its plan says how many images a batch has.</param>
    /// <returns>[N, C, S, S] each, <paramref name="count"/> images in all; the caller's to dispose of.</returns>
    public static IEnumerable<Tensor> Take(this BatchFeed<int> feed, int count, MaeShape shape, Device device, Interruption interruption)
    {
        for (var left = count; left > 0;)
        {
            interruption.Check();
            var batch = feed.Next(interruption.Token);
            left -= batch.Plan;
            yield return tensor(batch.Pixels, [batch.Plan, shape.Channels, shape.ImageSize, shape.ImageSize], device: device);
            feed.Return(batch);
        }
    }
}
