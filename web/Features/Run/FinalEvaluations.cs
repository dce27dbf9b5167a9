using MaeLab.Domain.Metrics;

namespace MaeLab.Web.Features.Run;

/// <summary>What a run does after its last step. The evaluations come in this order, and each gives its result as soon as it has it.</summary>
public static class FinalEvaluations
{
    /// <param name="done">Classifiers of the run.</param>
    /// <returns>Null while it trains, and once it is over.</returns>
    public static string? Of(RunDetail run, IReadOnlyList<ClassificationSummary> done)
    {
        if (!run.IsEvaluating)
        {
            return null;
        }

        var plan = run.Recipe.Evaluation;
        bool IsThere(string probe) => done.Any(classifier => classifier.Probe == probe && classifier.Step >= run.TotalSteps);
        return plan.LinearProbe && !IsThere(SeriesNames.LinearAccuracy) ? "linear probe and what else is measured at every evaluation"
            : plan.LarsProbe.Epochs > 0 && !IsThere(SeriesNames.LarsAccuracy) ? "linear probe with LARS"
            : plan.FineTune.Epochs > 0 && !IsThere(SeriesNames.FineTuneAccuracy) ? "fine-tuning"
            : plan.FineTune is { Epochs: > 0, ScratchControl: true } && !IsThere(SeriesNames.ScratchAccuracy) ? "the same from scratch, to compare with"
            : "last results and checkpoint";
    }
}
