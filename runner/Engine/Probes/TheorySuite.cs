using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <param name="Done">Probes done.</param>
/// <param name="Total">Probes of the suite.</param>
/// <param name="Current">The one that begins; null at the end.</param>
public sealed record TheoryProgress(int Done, int Total, string? Current);

/// <summary>
/// All theory probes on one model: those of every evaluation and the ones that take longer. A pure function of recipe, data and weights,
/// which draws no random number of any run; interruptible between probes and within the long ones.
/// </summary>
public static class TheorySuite
{
    /// <summary>Each with one of the series that it gives, by which a stored result tells that it was made.</summary>
    private static readonly (string Name, string Series, Func<Subject, Interruption, IEnumerable<ProbeResult>> Run)[] s_probes =
    [
        ("cheap probes", SeriesNames.KernelRank, CheapTheory.Run),
        ("quadrature consistency", SeriesNames.QuadratureSlope, QuadratureConsistency.Run),
        ("row-space leakage", SeriesNames.PatchLeakage, RowSpaceLeakage.Run),
        ("information retention", SeriesNames.InformationRetention, InformationRetention.Run),
        ("skip conditioning", SeriesNames.SkipConditioning, SkipConditioning.Run),
        ("decoder lift", SeriesNames.DecoderLift, DecoderLift.Run),
        ("global reconstruction", SeriesNames.GlobalGain, GlobalReconstruction.Run),
        ("influence length", SeriesNames.InfluenceLength, InfluenceLength.Run),
        ("linear theory", SeriesNames.LinearInfluenceLength, LinearMae.Run),
    ];

    /// <summary>Probes of the suite; the cheap set counts as one.</summary>
    public static int Count => s_probes.Length;

    /// <param name="parameters">Of the recipe's model, trained for however long.</param>
    /// <param name="report">Called on this thread as each probe begins, and at the end.</param>
    /// <returns>One result a series, with details as JSON; a probe that says nothing of such a model has none.</returns>
    /// <exception cref="TrainingFailedException">Bad data: no held-out images.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<ProbeResult> Run(
        Recipe recipe, Dataset dataset, ParameterStore parameters, Action<TheoryProgress> report, CancellationToken cancellationToken)
    {
        var all = new List<ProbeResult>();
        Run(recipe, dataset, parameters, new HashSet<string>(), new(new NoSink(), recipe, dataset.Channels, cancellationToken), report, all.AddRange);
        return all;
    }

    /// <param name="known">Series whose results there are already: the probes that gave them are left out.</param>
    /// <param name="found">Called on this thread with all results of a probe, once it is done.</param>
    /// <exception cref="StoppedMidwayException">Whom the results are for wants no more of them.</exception>
    /// <inheritdoc cref="Run(Recipe, Dataset, ParameterStore, Action{TheoryProgress}, CancellationToken)"/>
    internal static void Run(
        Recipe recipe, Dataset dataset, ParameterStore parameters, IReadOnlySet<string> known, Interruption interruption,
        Action<TheoryProgress> report, Action<IReadOnlyList<ProbeResult>> found)
    {
        if (dataset.Probe.Count == 0)
        {
            throw new TrainingFailedException(ReasonCode.BadData, $"Data set '{dataset.Name}' has no held-out images, and theory probes look at these: add a folder val.");
        }

        using var free = no_grad();
        using var scope = NewDisposeScope();
        var subject = new Subject(recipe, dataset, new(MaeShape.Of(recipe, dataset.Channels)), new(dataset, recipe.ImageSize), parameters.Weights(Precision.Fp32));
        foreach (var (done, (name, series, run)) in s_probes.Index())
        {
            interruption.Check();
            report(new(done, Count, name));
            if (!known.Contains(series))
            {
                using var ofProbe = NewDisposeScope();
                found([.. run(subject, interruption)]);
            }
        }

        report(new(Count, Count, null));
    }
}
