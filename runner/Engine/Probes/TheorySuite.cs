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
    private static readonly (string Name, Func<Subject, Interruption, IEnumerable<ProbeResult>> Run)[] s_probes =
    [
        ("cheap probes", CheapTheory.Run),
        ("quadrature consistency", QuadratureConsistency.Run),
        ("row-space leakage", RowSpaceLeakage.Run),
        ("information retention", InformationRetention.Run),
        ("skip conditioning", SkipConditioning.Run),
        ("decoder lift", DecoderLift.Run),
        ("global reconstruction", GlobalReconstruction.Run),
        ("influence length", InfluenceLength.Run),
        ("linear theory", LinearMae.Run),
    ];

    /// <param name="parameters">Of the recipe's model, trained for however long.</param>
    /// <param name="report">Called on this thread as each probe begins, and at the end.</param>
    /// <returns>One result a series, with details as JSON; a probe that says nothing of such a model has none.</returns>
    /// <exception cref="TrainingFailedException">Bad data: no held-out images.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<ProbeResult> Run(
        Recipe recipe, Dataset dataset, ParameterStore parameters, Action<TheoryProgress> report, CancellationToken cancellationToken)
    {
        if (dataset.Probe.Count == 0)
        {
            throw new TrainingFailedException(ReasonCode.BadData, $"Data set '{dataset.Name}' has no held-out images, and theory probes look at these: add a folder val.");
        }

        using var free = no_grad();
        using var scope = NewDisposeScope();
        var subject = new Subject(recipe, dataset, new(MaeShape.Of(recipe, dataset.Channels)), new(dataset, recipe.ImageSize), parameters.Weights(Precision.Fp32));
        var interruption = new Interruption(new NoSink(), cancellationToken);
        var results = new List<ProbeResult>();
        foreach (var (done, (name, run)) in s_probes.Index())
        {
            interruption.Check();
            report(new(done, s_probes.Length, name));
            using var ofProbe = NewDisposeScope();
            results.AddRange(run(subject, interruption));
        }

        report(new(s_probes.Length, s_probes.Length, null));
        return results;
    }
}
