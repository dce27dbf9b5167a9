using System.Globalization;
using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Presentation;

public enum BetterWhen
{
    /// <summary>Neither: a learning rate, an epoch.</summary>
    Neither,
    Higher,
    Lower,
}

/// <summary>What pages need to know of a series to show it.</summary>
/// <param name="IsShare">A value between 0 and 1 that reads best in percent.</param>
public sealed record MetricInfo(string Name, string Label, BetterWhen Better, bool IsShare)
{
    private static readonly Dictionary<string, string> s_labels = new()
    {
        [SeriesNames.TrainLoss] = "Training loss",
        [SeriesNames.LearningRate] = "Learning rate",
        [SeriesNames.GradientNorm] = "Gradient norm",
        [SeriesNames.Uniformity] = "Uniformity",
        [SeriesNames.LinearAccuracy] = "Linear probe accuracy",
        [SeriesNames.KnnAccuracy] = "kNN accuracy",
        [SeriesNames.LarsAccuracy] = "LARS probe accuracy",
        [SeriesNames.FineTuneLoss] = "Fine-tuning loss",
        [SeriesNames.FineTuneAccuracy] = "Fine-tuning accuracy",
        [SeriesNames.ScratchLoss] = "From-scratch loss",
        [SeriesNames.ScratchAccuracy] = "From-scratch accuracy",
        [SeriesNames.ReconstructionError] = "Reconstruction error",
        [SeriesNames.SharedPixelError] = "Shared pixel error",
        [SeriesNames.SharedSkill] = "Skill over interpolation",
        [SeriesNames.KernelRank] = "Q1 kernel rank",
        [SeriesNames.KernelAsymmetry] = "Q1 kernel asymmetry",
        [SeriesNames.KernelDivergence] = "Q1 kernel divergence",
        [SeriesNames.EncoderBarron] = "Q1 Barron norm, encoder",
        [SeriesNames.DecoderBarron] = "Q1 Barron norm, decoder",
        [SeriesNames.QuadratureSlope] = "Q1 quadrature slope",
        [SeriesNames.PatchLeakage] = "Q2 patch leakage",
        [SeriesNames.PatchRank] = "Q2 patch rank",
        [SeriesNames.FeatureLeakage] = "Q2 feature leakage",
        [SeriesNames.InformationRetention] = "Q2 information retention",
        [SeriesNames.AdjacentCka] = "Q3 adjacent CKA",
        [SeriesNames.EndsCka] = "Q3 first-last CKA",
        [SeriesNames.PropagationGain] = "Q3 propagation gain",
        [SeriesNames.SkipConditioning] = "Q3 skip conditioning",
        [SeriesNames.DecoderLift] = "Q4 decoder lift",
        [SeriesNames.DecoderLossRatio] = "Q4 decoder loss ratio",
        [SeriesNames.AttentionReach] = "Q5 attention reach",
        [SeriesNames.NonlocalMass] = "Q5 non-local mass",
        [SeriesNames.NeighbourLossRatio] = "Q5 neighbour loss ratio",
        [SeriesNames.GlobalGain] = "Q5 global gain",
        [SeriesNames.InfluenceLength] = "Q5 influence length",
        [SeriesNames.LinearInfluenceLength] = "Linear influence length",
        [SeriesNames.EffectiveDimension] = "Effective dimension",
        [SeriesNames.AlignmentGap] = "Alignment gap",
        [SeriesNames.Epoch] = "Epoch",
        [SeriesNames.ElapsedSeconds] = "Elapsed seconds",
        [SeriesNames.VisibleTokens] = "Visible tokens",
        [SeriesNames.Images] = "Images",
        [SeriesNames.ImagesPerSecond] = "Images per second",
        [SeriesNames.DataWait] = "Waiting for data",
        [SeriesNames.CpuCores] = "CPU cores in use",
        [SeriesNames.Memory] = "Memory, MB",
        [SeriesNames.GpuUtilisation] = "GPU utilisation",
        [SeriesNames.GpuMemory] = "GPU memory, MB",
    };

    public static MetricInfo Of(string series)
    {
        var share = series.Contains("accuracy", StringComparison.Ordinal) || series is SeriesNames.DataWait or SeriesNames.GpuUtilisation;
        var better = series switch
        {
            _ when series.Contains("accuracy", StringComparison.Ordinal) => BetterWhen.Higher,
            _ when series.EndsWith("loss", StringComparison.Ordinal) || series.Contains("mse", StringComparison.Ordinal) => BetterWhen.Lower,
            SeriesNames.ImagesPerSecond or SeriesNames.SharedSkill => BetterWhen.Higher,
            _ => BetterWhen.Neither,
        };
        return new(series, s_labels.GetValueOrDefault(series) ?? Words(series), better, share);
    }

    public string Show(double value) => IsShare ? Format.Percent(value) : Format.Number(value);

    /// <summary>A difference of two values, which is often small: shares to a hundredth of a percent.</summary>
    /// <param name="signed">With a plus before what is above zero.</param>
    public string ShowDifference(double value, bool signed = false)
    {
        var digits = IsShare ? Format.Percent(value, 2) : Format.Number(value);
        return digits.StartsWith('-') && digits.AsSpan(1).IndexOfAnyInRange('1', '9') < 0 ? digits[1..] : (signed && value > 0 ? "+" : "") + digits;
    }

    /// <summary>The half-width of an interval, to as many decimals as the mean that it stands beside.</summary>
    public string ShowSpread(double spread, double mean)
    {
        if (IsShare || Format.Decimals(mean) is not { } decimals)
        {
            return Show(spread);
        }

        var rounded = spread.ToString($"F{decimals}", CultureInfo.InvariantCulture);
        return rounded.AsSpan().IndexOfAnyInRange('1', '9') < 0 ? Show(spread) : rounded;
    }

    public bool IsBetter(double value, double than) => Better switch
    {
        BetterWhen.Higher => value > than,
        BetterWhen.Lower => value < than,
        BetterWhen.Neither => false,
        _ => throw new InvalidOperationException($"Unknown direction {Better}."),
    };

    /// <summary><c>theory/q3_adjacent_cka</c> as "Q3 adjacent cka".</summary>
    private static string Words(string series) =>
        series[(series.LastIndexOf('/') + 1)..].Replace('_', ' ') is { Length: > 0 } name ? Format.Sentence(name) : series;
}
