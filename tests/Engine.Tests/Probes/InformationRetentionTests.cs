using System.Text.Json;
using MaeLab.Domain.Metrics;
using MaeLab.Engine.Probes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class InformationRetentionTests : SubjectTest
{
    [Fact]
    public void Equal_views_of_orthogonal_images_are_aligned_alone() => Assert.Equal((1.0, 0.0), InformationRetention.Alignment(eye(5) * 3, eye(5)));

    [Fact]
    public void Parallel_features_are_aligned_with_all() => Assert.Equal((1, 1), InformationRetention.Alignment(ones(4, 1), ones(4, 1) * 2));

    [Fact]
    public void Alignment_is_that_of_double_precision()
    {
        double[][] first = Random(1, 7, 5), second = Random(2, 7, 5);
        var cosines = first.Select(x => second.Select(y => Dot(x, y) / Math.Sqrt(Dot(x, x) * Dot(y, y))).ToArray()).ToArray();

        var (same, different) = InformationRetention.Alignment(Single(first), Single(second));

        Assert.Equal(cosines.Select((row, n) => row[n]).Average(), same, 1e-6);
        Assert.Equal(cosines.SelectMany((row, n) => row.Where((_, other) => other != n)).Average(), different, 1e-6);
    }

    [Fact]
    public void Effective_dimension_counts_orthogonal_features_and_is_one_of_parallel_ones()
    {
        Assert.Equal(6, FeatureDimension.Of(eye(6) * 4), 1e-4);
        Assert.Equal(1, FeatureDimension.Of(ones(9, 3)), 1e-4);
    }

    /// <summary>The participation ratio: 1 over the sum of squared eigenvalues of the second moment of unit features.</summary>
    [Fact]
    public void Effective_dimension_is_that_of_double_precision()
    {
        var features = Random(3, 20, 6);
        var unit = features.Select(row => row.Select(value => value / Math.Sqrt(Dot(row, row))).ToArray()).ToArray();
        Assert.Equal(400 / Energy(Product(Transposed(unit), unit)), FeatureDimension.Of(Single(features)), 1e-4);
    }

    /// <summary>The cls token of a model without attention sees no patch: every view of every image is the same.</summary>
    [Fact]
    public void Model_that_does_not_look_has_no_gap()
    {
        var gap = InformationRetention.Run(New(values: IdentityBlocks), Free).Single(result => result.Probe == SeriesNames.AlignmentGap);
        Assert.Equal(0, gap.Value, 1e-5);
    }

    [Fact]
    public void Retention_rises_with_what_is_visible()
    {
        var result = InformationRetention.Run(New(), Free).Single(probe => probe.Probe == SeriesNames.InformationRetention);
        double[] cka = [.. JsonDocument.Parse(result.Details).RootElement.GetProperty("curve").EnumerateArray().Select(point => point.GetProperty("cka").GetDouble())];

        Assert.Equal(cka.OrderDescending(), cka);
        Assert.InRange(cka[0], 0.8, 1);
        Assert.Equal(cka[2], result.Value, 1e-4);
    }
}
