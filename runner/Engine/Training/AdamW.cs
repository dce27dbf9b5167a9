using MaeLab.Engine.Model;
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
        var length = weights.numel();
        var piece = weights.device.type == TorchSharp.DeviceType.CPU ? CpuPiece : length;
        for (long begin = 0, end; begin < length; begin = end)
        {
            // A piece lies wholly on one side of the border between the groups.
            var decayed = begin >= _parameters.UndecayedLength;
            end = Math.Min(begin + piece, decayed ? length : _parameters.UndecayedLength);
            StepPiece(weights, gradient, begin, end - begin, learningRate, decayed ? _settings.WeightDecay : 0, step);
        }
    }

    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
    }

    private void StepPiece(Tensor weights, Tensor gradient, long begin, long length, double learningRate, double weightDecay, long step)
    {
        using var scope = NewDisposeScope();
        Tensor p = weights.narrow(0, begin, length), g = gradient.narrow(0, begin, length);
        Tensor mean = Mean.narrow(0, begin, length), square = Square.narrow(0, begin, length);
        if (weightDecay != 0)
        {
            p.mul_(1 - (learningRate * weightDecay));
        }

        mean.mul_(_settings.Beta1).add_(g, alpha: 1 - _settings.Beta1);
        square.mul_(_settings.Beta2).addcmul_(g, g, 1 - _settings.Beta2);
        var denominator = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(_settings.Beta2, step))).add_(_settings.Epsilon);
        p.addcdiv_(mean, denominator, -learningRate / (1 - Math.Pow(_settings.Beta1, step)));
    }
}
