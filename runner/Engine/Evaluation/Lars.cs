using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// LARS (You, Gitman, Ginsburg 2017) as in MAE's linear probing: a tensor of more than one dimension takes its gradient times
/// trust ||w|| / ||g|| (1 where a norm is 0), with weight decay in g; a one-dimensional one is neither scaled nor decayed. Then
/// momentum: m = 0.9 m + g, w = w - lr m.
/// </summary>
/// <param name="parameters">Changed in place; their momenta belong to the caller's dispose scope.</param>
public sealed class Lars(IReadOnlyList<Tensor> parameters, double weightDecay = 0)
{
    private const double Momentum = 0.9;
    private const double Trust = 1e-3;
    private readonly Tensor[] _momenta = [.. parameters.Select(parameter => zeros_like(parameter))];

    /// <summary>In the order of the parameters.</summary>
    public IReadOnlyList<Tensor> Momenta => _momenta;

    /// <param name="gradients">In the order of the parameters.</param>
    public void Step(IReadOnlyList<Tensor> gradients, double learningRate)
    {
        using var free = no_grad();
        using var scope = NewDisposeScope();
        for (var n = 0; n < parameters.Count; n++)
        {
            var (parameter, gradient) = (parameters[n], gradients[n]);
            var factor = 1.0;
            if (parameter.dim() > 1)
            {
                gradient = gradient.Plus(parameter.Times(weightDecay));
                double weight = parameter.norm().item<float>(), slope = gradient.norm().item<float>();
                factor = weight > 0 && slope > 0 ? Trust * weight / slope : 1;
            }

            _momenta[n].TimesInPlace(Momentum).PlusInPlace(gradient, factor);
            parameter.PlusInPlace(_momenta[n], -learningRate);
        }
    }
}
