using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Experiment;

namespace MaeLab.Web.Tests.Features;

public sealed class ComparabilityTests
{
    [Theory]
    [InlineData(SeriesNames.TrainLoss, "maskRatio", true)]
    [InlineData(SeriesNames.TrainLoss, "patchSize", true)]
    [InlineData(SeriesNames.TrainLoss, "decoder.depth", false)]
    [InlineData(SeriesNames.ReconstructionError, "maskRatio", true)]
    [InlineData(SeriesNames.ReconstructionError, "target", true)]
    [InlineData(SeriesNames.ReconstructionError, "patchSize", false)]
    [InlineData(SeriesNames.LinearAccuracy, "maskRatio", false)]
    [InlineData(SeriesNames.LinearAccuracy, "dataset.name", true)]
    public void Factor_that_changes_what_is_measured_is_named(string metric, string field, bool guilty)
    {
        Assert.Equal(guilty ? [field] : [], Comparability.Guilty(["epochs", field], metric));
        Assert.Equal(guilty, Comparability.Warning(["epochs", field], metric) is not null);
    }
}
