using MaeLab.Domain.Recipes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

/// <summary>
/// All parameters of a model on one device. The trained ones lie in a single flat fp32 tensor, the autograd leaf: first those
/// without weight decay, then the decayed tokens, then the matrices of the linear layers. So gradient norm, clipping, the
/// optimizer and the matrices' conversion to bf16 are a few operations on long vectors, not a few on each of a hundred short ones.
/// Every parameter begins at a multiple of 64 bytes, on which the results of libtorch's kernels may depend: a resumed run must
/// find the alignment of the first one.
/// </summary>
public sealed class ParameterStore : IDisposable
{
    private const int Alignment = 16;
    private readonly List<ParameterSpec> _vectors;
    private readonly List<ParameterSpec> _matrices;
    private readonly Dictionary<string, long> _offsets = [];
    private readonly Dictionary<string, Tensor> _frozen = [];

    /// <param name="values">First values of a parameter, row-major.</param>
    public ParameterStore(IReadOnlyList<ParameterSpec> parameters, Device device, Func<ParameterSpec, float[]> values)
    {
        Parameters = parameters;
        _vectors = [.. parameters.Where(parameter => parameter.Trainable && !parameter.IsMatrix).OrderBy(parameter => parameter.Decays)];
        _matrices = [.. parameters.Where(parameter => parameter.Trainable && parameter.IsMatrix)];
        long length = 0;
        foreach (var parameter in _vectors.Concat(_matrices))
        {
            UndecayedLength = parameter.Decays ? UndecayedLength : length + Padded(parameter);
            _offsets[parameter.Name] = length;
            length += Padded(parameter);
        }

        using var scope = NewDisposeScope();
        Flat = zeros(length, dtype: ScalarType.Float32, device: device).DetachFromDisposeScope();
        foreach (var parameter in parameters)
        {
            var first = tensor(values(parameter), parameter.Shape, device: device);
            if (parameter.Trainable)
            {
                Slice(Flat, parameter).copy_(first);
            }
            else
            {
                _frozen[parameter.Name] = first.DetachFromDisposeScope();
            }
        }

        Flat.requires_grad = true;
    }

    public IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <summary>All trained parameters and the padding between them.</summary>
    public Tensor Flat { get; }

    /// <summary>Elements of <see cref="Flat"/> at its start that are not subject to weight decay.</summary>
    public long UndecayedLength { get; }

    public Device Device => Flat.device;

    /// <summary>
    /// The parameters as tensors of their own shapes for one forward pass, linked to <see cref="Flat"/> by autograd. In bf16 the
    /// matrices of the linear layers are; all else stays in fp32. The backward pass gathers all gradients into <c>Flat.grad</c>
    /// in concatenations, not one by one.
    /// </summary>
    public Weights Weights(Precision precision)
    {
        var byName = new Dictionary<string, Tensor>(_frozen);
        if (precision == Precision.Bf16)
        {
            var parts = Flat.split([_vectors.Sum(Padded), _matrices.Sum(Padded)]);
            Add(parts[0], _vectors);
            Add(parts[1].to(ScalarType.BFloat16), _matrices);
        }
        else
        {
            Add(Flat, [.. _vectors, .. _matrices]);
        }

        return new(byName);

        void Add(Tensor part, List<ParameterSpec> parameters)
        {
            var pieces = part.split([.. parameters.SelectMany(parameter => new[] { parameter.Count, Padded(parameter) - parameter.Count })]);
            for (var i = 0; i < parameters.Count; i++)
            {
                byName[parameters[i].Name] = pieces[2 * i].view(parameters[i].Shape);
            }
        }
    }

    /// <summary>The parameter's own memory, outside autograd; the caller disposes of it.</summary>
    public Tensor this[ParameterSpec parameter] =>
        parameter.Trainable ? Slice(Flat, parameter) : _frozen[parameter.Name].alias();

    /// <summary>The part of a tensor laid out like <see cref="Flat"/> (gradient, moments) that belongs to a trained parameter.</summary>
    public Tensor Slice(Tensor flat, ParameterSpec parameter)
    {
        using var free = no_grad();
        using var plain = flat.detach();
        using var piece = plain.narrow(0, _offsets[parameter.Name], parameter.Count);
        return piece.view(parameter.Shape);
    }

    public void Dispose()
    {
        Flat.Dispose();
        foreach (var tensor in _frozen.Values)
        {
            tensor.Dispose();
        }
    }

    private static long Padded(ParameterSpec parameter) => (parameter.Count + Alignment - 1) / Alignment * Alignment;
}

/// <summary>Parameters by their names in the public MAE checkpoints, for one forward pass.</summary>
public sealed class Weights(IReadOnlyDictionary<string, Tensor> byName)
{
    public Tensor this[string name] => byName[name];

    /// <summary>A model whose parameters lie in several stores.</summary>
    public static Weights Union(IEnumerable<Weights> parts) => new(parts.SelectMany(part => part.ByName).ToDictionary());

    private IReadOnlyDictionary<string, Tensor> ByName => byName;
}
