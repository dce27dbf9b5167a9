using MaeLab.Engine.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace MaeLab.Engine.Training;

/// <summary>MAE's betas by default; the rest as in PyTorch.</summary>
public sealed record AdamWSettings(double WeightDecay, double Beta1 = 0.9, double Beta2 = 0.95, double Epsilon = 1e-8);

/// <summary>
/// AdamW (Loshchilov, Hutter 2019) over the flat parameters, as in PyTorch: decoupled decay first, then the step with
/// bias-corrected moments.
/// </summary>
public sealed class AdamW : IDisposable
{
    /// <summary>Elements handled at a time on a CPU: five fp32 vectors of this length stay in the second-level cache.</summary>
    private const long CpuPiece = 1 << 16;

    private readonly ParameterStore _parameters;
    private readonly AdamWSettings _settings;

    public AdamW(ParameterStore parameters, AdamWSettings settings)
    {
        _parameters = parameters;
        _settings = settings;
        using var free = no_grad();
        Mean = zeros_like(parameters.Flat).DetachFromDisposeScope();
        Square = zeros_like(parameters.Flat).DetachFromDisposeScope();
    }

    /// <summary>exp_avg, laid out like <see cref="ParameterStore.Flat"/>.</summary>
    public Tensor Mean { get; }

    /// <summary>exp_avg_sq, laid out like <see cref="ParameterStore.Flat"/>.</summary>
    public Tensor Square { get; }

    /// <param name="gradient">Laid out like <see cref="ParameterStore.Flat"/>.</param>
    /// <param name="step">Steps including this one, from 1.</param>
    public void Step(Tensor gradient, double learningRate, long step)
    {
        using var free = no_grad();
        using var weights = _parameters.Flat.detach();
        using var factors = new Factors(_settings, learningRate, step);
        var length = weights.numel();
        var piece = weights.device.type == DeviceType.CPU ? CpuPiece : length;
        for (long begin = 0, end; begin < length; begin = end)
        {
            // A piece lies wholly on one side of the border between the groups.
            var decayed = begin >= _parameters.UndecayedLength;
            end = Math.Min(begin + piece, decayed ? length : _parameters.UndecayedLength);
            StepPiece(weights, gradient, begin, end - begin, decayed, factors);
        }
    }

    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
    }

    private void StepPiece(Tensor weights, Tensor gradient, long begin, long length, bool decayed, Factors factors)
    {
        using var scope = NewDisposeScope();
        Tensor p = weights.narrow(0, begin, length), g = gradient.narrow(0, begin, length);
        Tensor mean = Mean.narrow(0, begin, length), square = Square.narrow(0, begin, length);
        if (decayed)
        {
            p.mul_(factors.Decay);
        }

        mean.mul_(factors.Beta1).add_(g, factors.OneMinusBeta1);
        square.mul_(factors.Beta2).addcmul_(g, g, factors.OneMinusBeta2);
        p.addcdiv_(mean, square.sqrt().mul_(factors.SquareCorrection).add_(factors.Epsilon, ScalarOperands.One), factors.MinusRate);
    }

    /// <summary>The numbers of one step as native scalars, made once and held while they are in use (see <see cref="ScalarOperands"/>).</summary>
    private sealed class Factors(AdamWSettings settings, double learningRate, long step) : IDisposable
    {
        public Scalar Decay { get; } = (1 - (learningRate * settings.WeightDecay)).ToScalar();

        public Scalar Beta1 { get; } = settings.Beta1.ToScalar();

        public Scalar OneMinusBeta1 { get; } = (1 - settings.Beta1).ToScalar();

        public Scalar Beta2 { get; } = settings.Beta2.ToScalar();

        public Scalar OneMinusBeta2 { get; } = (1 - settings.Beta2).ToScalar();

        public Scalar SquareCorrection { get; } = (1 / Math.Sqrt(1 - Math.Pow(settings.Beta2, step))).ToScalar();

        public Scalar Epsilon { get; } = settings.Epsilon.ToScalar();

        public Scalar MinusRate { get; } = (-learningRate / (1 - Math.Pow(settings.Beta1, step))).ToScalar();

        public void Dispose()
        {
            foreach (var scalar in new[] { Decay, Beta1, OneMinusBeta1, Beta2, OneMinusBeta2, SquareCorrection, Epsilon, MinusRate })
            {
                scalar.Dispose();
            }
        }
    }
}
