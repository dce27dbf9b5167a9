using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;
using MaeLab.Engine.Tests.Training;
using MaeLab.Engine.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class TheorySuiteTests : ProbeTest
{
    private const int MostDetailBytes = 50_000;

    private static readonly string[] s_cheap =
    [
        SeriesNames.KernelRank, SeriesNames.KernelAsymmetry, SeriesNames.KernelDivergence, SeriesNames.AdjacentCka, SeriesNames.EndsCka,
        SeriesNames.EncoderBarron, SeriesNames.DecoderBarron, SeriesNames.PropagationGain, SeriesNames.AttentionReach, SeriesNames.NonlocalMass,
        SeriesNames.EffectiveDimension,
    ];

    private static readonly string[] s_long =
    [
        SeriesNames.QuadratureSlope, SeriesNames.PatchRank, SeriesNames.PatchLeakage, SeriesNames.FeatureLeakage, SeriesNames.InformationRetention,
        SeriesNames.AlignmentGap, SeriesNames.SkipConditioning, SeriesNames.DecoderLift, SeriesNames.DecoderLossRatio, SeriesNames.GlobalGain,
        SeriesNames.NeighbourLossRatio, SeriesNames.InfluenceLength, SeriesNames.LinearInfluenceLength,
    ];

    /// <summary>What the pages read the details as.</summary>
    private static readonly Dictionary<string, Type> s_details = new()
    {
        [SeriesNames.KernelRank] = typeof(KernelDetails),
        [SeriesNames.KernelAsymmetry] = typeof(LayerDetails),
        [SeriesNames.KernelDivergence] = typeof(LayerDetails),
        [SeriesNames.EncoderBarron] = typeof(LayerDetails),
        [SeriesNames.DecoderBarron] = typeof(LayerDetails),
        [SeriesNames.QuadratureSlope] = typeof(QuadratureDetails),
        [SeriesNames.PatchLeakage] = typeof(LeakageDetails),
        [SeriesNames.FeatureLeakage] = typeof(LayerDetails),
        [SeriesNames.InformationRetention] = typeof(RetentionDetails),
        [SeriesNames.AdjacentCka] = typeof(LayerDetails),
        [SeriesNames.EndsCka] = typeof(SimilarityDetails),
        [SeriesNames.PropagationGain] = typeof(PropagationDetails),
        [SeriesNames.SkipConditioning] = typeof(ConditioningDetails),
        [SeriesNames.DecoderLift] = typeof(LayerDetails),
        [SeriesNames.DecoderLossRatio] = typeof(DecoderLossDetails),
        [SeriesNames.AttentionReach] = typeof(ReachDetails),
        [SeriesNames.NonlocalMass] = typeof(NonlocalDetails),
        [SeriesNames.NeighbourLossRatio] = typeof(RadiusDetails),
        [SeriesNames.GlobalGain] = typeof(BaselineDetails),
        [SeriesNames.InfluenceLength] = typeof(InfluenceDetails),
        [SeriesNames.AlignmentGap] = typeof(AlignmentDetails),
        [SeriesNames.LinearInfluenceLength] = typeof(LinearTheoryDetails),
    };

    [Fact]
    public void Evaluation_writes_the_cheap_probes_as_series_and_small_results()
    {
        var sink = new RecordingSink();
        Jobs.Run(Jobs.Small with { Evaluation = new(LinearProbe: false, Reconstructions: 0, EveryEpochs: 1) }, sink);

        Assert.Equal(3, sink.Evaluations.Count);
        Assert.All(sink.Evaluations, evaluation =>
        {
            Assert.Equal(s_cheap, evaluation.Probes.Select(probe => probe.Probe));
            Assert.All(evaluation.Probes, probe => Assert.InRange(probe.Details.Length, 2, MostDetailBytes));
        });
        Assert.All(s_cheap, series => Assert.Equal(sink.Evaluations.Select(evaluation => evaluation.Probes.Single(probe => probe.Probe == series).Value), sink.Values(series)));
    }

    [Fact]
    public void Evaluation_without_theory_writes_none_of_it()
    {
        var sink = new RecordingSink();
        Jobs.Run(Jobs.Small with { Evaluation = new(LinearProbe: false, Reconstructions: 1, EveryEpochs: 0) { Theory = TheoryProbes.Off } }, sink);
        Assert.NotEmpty(Assert.Single(sink.Evaluations).Probes);
        Assert.Empty(s_cheap.Intersect(sink.Evaluations[0].Probes.Select(probe => probe.Probe)));
    }

    /// <summary>The kinds of models and targets; the grid of two patches a side is the coarsest there is.</summary>
    [Theory]
    [InlineData(ReconstructionTarget.NormalizedPixels, 4, 0.75, false)]
    [InlineData(ReconstructionTarget.Pixels, 14, 0.75, false)]
    [InlineData(ReconstructionTarget.Pca, 7, 0.5, true)]
    [InlineData(ReconstructionTarget.NormalizedPixels, 2, 0.9, false)]
    public void Suite_gives_every_series_once_in_finite_numbers(ReconstructionTarget target, int patchSize, double maskRatio, bool encoderMaskTokens)
    {
        var recipe = Jobs.Small with { Target = target, PatchSize = patchSize, MaskRatio = maskRatio, EncoderMaskTokens = encoderMaskTokens };
        var results = Run(recipe);

        string[] expected = [.. s_cheap, .. s_long];
        Assert.Equal(encoderMaskTokens ? expected.Except([SeriesNames.QuadratureSlope]) : expected, results.Select(result => result.Probe));
        Assert.All(results, result =>
        {
            Assert.True(double.IsFinite(result.Value), result.Probe);
            Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(result.Details).RootElement.ValueKind);
        });
    }

    [Fact]
    public void Details_are_what_the_pages_read_them_as()
    {
        var results = Run(Jobs.Small).ToDictionary(result => result.Probe);

        Assert.All(s_details, shape => Assert.NotNull(JsonSerializer.Deserialize(results[shape.Key].Details, shape.Value, JsonDefaults.Options)));
        var maps = JsonSerializer.Deserialize<ReachDetails>(results[SeriesNames.AttentionReach].Details, JsonDefaults.Options)!.Maps;
        Assert.Equal([37, 4, 4, 4], maps.GroupBy(map => map.Image).Select(image => image.DistinctBy(map => map.Patch).Count()));
        Assert.All(maps, map =>
        {
            Assert.Equal((49, 12), (map.Weights.Count, map.Visible.Count));
            Assert.DoesNotContain(map.Patch, map.Visible);
            Assert.InRange(map.Weights.Sum(), 0.5, 1.0001);
        });
    }

    [Fact]
    public void Suite_is_a_function_of_its_inputs_leaves_no_tensor_and_tells_what_it_does()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        List<TheoryProgress> told = [];
        var first = Run(Jobs.Small, told.Add);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(first, Run(Jobs.Small));

        Assert.Equal(Enumerable.Range(0, told.Count), told.Select(progress => progress.Done));
        Assert.All(told, progress => Assert.Equal((told.Count - 1, progress.Done == progress.Total), (progress.Total, progress.Current is null)));
    }

    [Fact]
    public void Suite_leaves_when_cancelled()
    {
        using var source = new CancellationTokenSource();
        List<int> begun = [];
        Assert.ThrowsAny<OperationCanceledException>(() => Run(Jobs.Small, progress =>
        {
            begun.Add(progress.Done);
            if (progress.Done == 2)
            {
                source.Cancel();
            }
        }, source.Token));
        Assert.Equal([0, 1, 2], begun);
    }

    [Fact]
    public void Suite_needs_held_out_images()
    {
        var failure = Assert.Throws<TrainingFailedException>(() => Run(Jobs.Small, dataset: dataset => dataset with { Probe = dataset.Probe.Slice(0, 0) }));
        Assert.Contains("has no held-out images", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_gives_its_recipe_and_weights_back()
    {
        var sink = new RecordingSink();
        var outcome = Jobs.Run(Jobs.Small, sink);
        var content = sink.Checkpoints[^1].Content;

        var recipe = Checkpoint.ReadRecipe(new MemoryStream(content));
        using var parameters = Checkpoint.ReadParameters(new MemoryStream(content), recipe, channels: 1, CPU);

        Assert.Equal(Jobs.Small, recipe);
        Assert.Equal(outcome.WeightsSha256, Checkpoint.Sha256(parameters));
        Assert.Throws<InvalidDataException>(() => Checkpoint.ReadParameters(new MemoryStream(content), recipe with { PatchSize = 7 }, channels: 1, CPU));
    }

    private static IReadOnlyList<ProbeResult> Run(
        Recipe recipe, Action<TheoryProgress>? report = null, CancellationToken? cancellationToken = null, Func<Dataset, Dataset>? dataset = null)
    {
        using var opened = new DatasetLocator(new Dictionary<string, string>()).Open(recipe.Dataset.Name, recipe.Dataset.Limit);
        var shape = MaeShape.Of(recipe, opened.Channels);
        var pca = PatchPca.OfTarget(recipe, opened);
        using var parameters = new ParameterStore(MaeParameters.Of(shape), CPU, parameter => pca?.Values(parameter) ?? Initialization.Values(parameter, shape, seed: 3));
        return TheorySuite.Run(recipe, dataset?.Invoke(opened) ?? opened, parameters, report ?? (_ => { }), cancellationToken ?? TestContext.Current.CancellationToken);
    }
}
