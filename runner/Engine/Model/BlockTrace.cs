using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

/// <summary>
/// What one forward pass leaves on its way through a stack of transformer blocks, for those who look inside. A traced pass makes its
/// attention maps by plain matrix products, since the fused attention gives none away; its results are the untraced one's but for rounding.
/// N images, T tokens (0 is cls), width w.
/// </summary>
public sealed class BlockTrace
{
    private readonly List<Tensor> _states = [];
    private readonly List<Tensor> _middles = [];
    private readonly List<Tensor> _maps = [];

    /// <summary>The residual stream [N, T, w] as it enters the first block, then as it leaves every block: depth + 1 of them.</summary>
    public IReadOnlyList<Tensor> States => _states;

    /// <summary>The residual stream [N, T, w] within every block: attention has been added, the MLP has not.</summary>
    public IReadOnlyList<Tensor> Middles => _middles;

    /// <summary>The softmax maps [N, heads, T, T] of every block; a row is a query and sums to 1.</summary>
    public IReadOnlyList<Tensor> Maps => _maps;

    internal void AddState(Tensor state) => _states.Add(state);

    internal void AddMiddle(Tensor state) => _middles.Add(state);

    internal void AddMaps(Tensor maps) => _maps.Add(maps);
}
