using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>Least squares with an intercept and a penalty on the weights, in double precision.</summary>
internal static class RidgeRegression
{
    /// <param name="inputs">[n, d]</param>
    /// <param name="targets">[n, k]</param>
    /// <param name="ridge">Penalty, as a share of the inputs' mean variance.</param>
    /// <returns>[d + 1, k], the intercept last.</returns>
    public static Tensor Fit(Tensor inputs, Tensor targets, double ridge)
    {
        using var scope = NewDisposeScope();
        Tensor meanInput = inputs.mean([0], keepdim: true), meanTarget = targets.mean([0], keepdim: true);
        var centred = inputs - meanInput;
        var moments = centred.t().matmul(centred);
        var width = inputs.shape[1];
        var penalty = ridge * moments.trace().Values()[0] / width;
        var weights = linalg.solve(moments.Plus(eye(width, dtype: inputs.dtype, device: inputs.device).Times(penalty)), centred.t().matmul(targets - meanTarget));
        return cat([weights, meanTarget - meanInput.matmul(weights)], 0).MoveToOuterDisposeScope();
    }

    /// <returns>[n, k]</returns>
    public static Tensor Predict(Tensor weights, Tensor inputs)
    {
        var width = inputs.shape[1];
        return inputs.matmul(weights.narrow(0, 0, width)).Plus(weights.narrow(0, width, 1));
    }
}
