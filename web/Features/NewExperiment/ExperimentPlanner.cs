using MaeLab.Domain;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;
using MaeLab.Storage;
using MaeLab.Storage.Runners;
using MaeLab.Web.Features.Runners;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.NewExperiment;

/// <summary>What a plan depends on beside the definition: the data sets on offer and how fast the runners are.</summary>
public sealed record PlanningContext(IReadOnlyDictionary<string, DatasetInfo> Datasets, IReadOnlyCollection<double> Rates)
{
    public Checked<AblationPlan> Check(ExperimentDefinition definition) => AblationPlan.Create(definition, Datasets);

    public Checked<AblationPlan> Check(string json) => AblationPlan.Parse(json, Datasets);

    public ExperimentPreview Preview(AblationPlan plan) => ExperimentPreview.Of(plan, Datasets, Rates);
}

public sealed class ExperimentPlanner(IDbContextFactory<MaeLabDb> databases, RunnerReader runners)
{
    public async Task<PlanningContext> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return new(await DatasetCatalog.ReadAsync(db, cancellationToken), await runners.RatesAsync(cancellationToken));
    }
}
