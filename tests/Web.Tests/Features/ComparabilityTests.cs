using MaeLab.Domain.Ablations;
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

    [Theory]
    [InlineData(SeriesNames.TrainLoss, true)]
    [InlineData(SeriesNames.LinearAccuracy, false)]
    public void Table_for_a_paper_says_that_its_numbers_do_not_compare(string metric, bool says)
    {
        Axis[] axes = [new("patchSize", ["2", "4"])];
        var runs = new SampleRuns().Add(0.5, 0, new() { ["patchSize"] = 2 }).Add(0.4, 0, new() { ["patchSize"] = 4 });
        var matrix = runs.Matrix(axes, MatrixQuery.Create(axes, "patchSize", null, metric, []));

        Assert.Equal(says, MatrixExport.ToLatex(runs.Results(axes, metric), matrix).Contains("is not comparable across patch size", StringComparison.Ordinal));
    }
}
