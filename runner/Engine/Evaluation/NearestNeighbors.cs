using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// The weighted nearest-neighbour classifier on frozen features (Wu et al. 2018, with the numbers of DINO): the k training images of
/// the largest cosine s vote for their class with weight exp(s / 0.07). Nothing is trained.
/// </summary>
public static class NearestNeighbors
{
    private const double Temperature = 0.07;

    /// <summary>Queries compared at a time: with 60,000 training images their similarities take 60 MB.</summary>
    private const long Chunk = 256;

    /// <param name="features">[n, D] of the training images.</param>
    /// <param name="labels">[n] int64</param>
    /// <param name="queries">[m, D]</param>
    /// <param name="k">More than n counts as n.</param>
    /// <returns>[m] class of every query.</returns>
    public static long[] Predict(Tensor features, Tensor labels, int classes, Tensor queries, int k)
    {
        using var free = no_grad();
        using var scope = NewDisposeScope();
        var known = nn.functional.normalize(features, dim: 1).t();
        var neighbors = (int)Math.Min(k, features.shape[0]);
        var guesses = new List<long>();
        for (long begin = 0; begin < queries.shape[0]; begin += Chunk)
        {
            using var ofChunk = NewDisposeScope();
            var asked = queries.narrow(0, begin, Math.Min(Chunk, queries.shape[0] - begin));
            var (similarity, index) = nn.functional.normalize(asked, dim: 1).matmul(known).topk(neighbors, 1);
            var votes = zeros(asked.shape[0], classes, device: features.device)
                .scatter_add_(1, labels.index_select(0, index.view(-1)).view(index.shape), similarity.Times(1 / Temperature).exp());
            guesses.AddRange(votes.argmax(1).cpu().data<long>().ToArray());
        }

        return [.. guesses];
    }
}
