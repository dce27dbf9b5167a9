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
    [InlineData(SeriesNames.SharedPixelError, "target", false)]
    [InlineData(SeriesNames.SharedSkill, "maskSampler", false)]
    [InlineData(SeriesNames.SharedPixelError, "imageSize", true)]
    [InlineData(SeriesNames.LinearAccuracy, "maskRatio", false)]
    [InlineData(SeriesNames.LinearAccuracy, "dataset.name", true)]
    public void Factor_that_changes_what_is_measured_is_named(string metric, string field, bool guilty)
    {
        Assert.Equal(guilty ? [field] : [], Comparability.Guilty(["epochs", field], metric));
        Assert.Equal(guilty, Comparability.Warning(["epochs", field], metric) is not null);
    }

    [Theory]
    [InlineData(SeriesNames.TrainLoss, "patchSize", SeriesNames.SharedPixelError)]
    [InlineData(SeriesNames.ReconstructionError, "target", SeriesNames.SharedPixelError)]
    [InlineData(SeriesNames.TrainLoss, "decoder.depth", null)]
    [InlineData(SeriesNames.TrainLoss, "imageSize", null)]
    [InlineData(SeriesNames.LinearAccuracy, "dataset.name", null)]
    public void Shared_error_is_offered_where_the_loss_does_not_compare_and_it_does(string metric, string field, string? instead)
    {
        Assert.Equal(instead, Comparability.Instead(["epochs", field], metric, [metric, SeriesNames.SharedPixelError]));
        Assert.Null(Comparability.Instead(["epochs", field], metric, [metric]));
    }
}
