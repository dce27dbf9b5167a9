using System.Text.Json;
using MaeLab.Domain.Metrics;

namespace MaeLab.Domain.Tests.Metrics;

public sealed class ClassificationDetailsTests
{
    [Fact]
    public void Of_counts_true_classes_in_rows_and_guesses_in_columns()
    {
        var (accuracy, details) = ClassificationDetails.Of(labels: [0, 0, 0, 2], guesses: [0, 1, 1, 2], classes: 3, trainImages: 70, ["a", "b", "c"]);

        Assert.Equal(0.5, accuracy);
        Assert.Equal([1 / 3.0, null, 1.0], details.PerClass);
        Assert.Equal([[1, 2, 0], [0, 0, 0], [0, 0, 1]], details.Confusion!);
        Assert.Equal((70, 4), (details.TrainImages, details.ProbeImages));
        Assert.Equal(["a", "b", "c"], details.ClassNames!);
    }

    [Fact]
    public void Of_many_classes_leaves_the_matrix_out()
    {
        var labels = Enumerable.Range(0, 1000).ToList();
        var (accuracy, details) = ClassificationDetails.Of(labels, labels, classes: 1000, trainImages: 1, classNames: null);

        Assert.Equal(1, accuracy);
        Assert.Null(details.Confusion);
        Assert.Equal(1000, details.PerClass.Count);
    }

    [Fact]
    public void Json_reads_as_it_was_written_and_as_older_results_were()
    {
        var (_, details) = ClassificationDetails.Of([0, 1], [1, 1], classes: 3, trainImages: 70, classNames: null);
        details = details with { Training = new(90, 7020, 102, 6.4), PretrainingGain = -0.5 };

        var json = JsonSerializer.Serialize(details, JsonDefaults.Options);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<ClassificationDetails>(json, JsonDefaults.Options), JsonDefaults.Options));
        var old = JsonSerializer.Deserialize<ClassificationDetails>("""{"perClass":[0.5,null],"trainImages":8000,"probeImages":2000}""", JsonDefaults.Options)!;
        Assert.Equal([0.5, null], old.PerClass);
        Assert.Null(old.Confusion);
    }
}
