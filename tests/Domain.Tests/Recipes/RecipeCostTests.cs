using CsCheck;
using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Tests.Recipes;

public sealed class RecipeCostTests
{
    private static readonly DatasetInfo s_imageNet = new("imagenet", Channels: 3, Size: 224, Classes: 1000, TrainImages: 1_281_167, ProbeImages: 50_000);

    /// <summary>Parameter counts of the public MAE models (ViT-B/16, L/16, H/14, decoder 512 x 8).</summary>
    [Theory]
    [InlineData("base", 111_655_680, 85_647_360)]
    [InlineData("large", 329_239_296, 303_099_904)]
    [InlineData("huge", 656_613_964, 630_435_840)]
    public void Parameters_equal_those_of_the_public_models(string preset, long parameters, long encoder)
    {
        var cost = RecipeCost.Of(Presets.Find(preset)!, s_imageNet);

        Assert.Equal(parameters, cost.Parameters);
        Assert.Equal(encoder, cost.EncoderParameters);
    }

    /// <summary>The mask token moves from the decoder (512 wide) into the encoder.</summary>
    [Theory]
    [InlineData("base", 768, 111_655_680, 85_647_360)]
    [InlineData("large", 1024, 329_239_296, 303_099_904)]
    [InlineData("huge", 1280, 656_613_964, 630_435_840)]
    public void Parameters_with_encoder_mask_tokens_differ_by_the_token(string preset, int width, long parameters, long encoder)
    {
        var cost = RecipeCost.Of(Presets.Find(preset)! with { EncoderMaskTokens = true }, s_imageNet);

        Assert.Equal(parameters - 512 + width, cost.Parameters);
        Assert.Equal(encoder + width, cost.EncoderParameters);
    }

    /// <summary>The paper's Table 1c: 3.3 times the work for ViT-L at mask ratio 0.75; 3.25 counting blocks alone.</summary>
    [Fact]
    public void Flops_with_encoder_mask_tokens_are_those_of_all_tokens()
    {
        var recipe = Presets.Find("large")!;
        double without = RecipeCost.Of(recipe, s_imageNet).TrainFlopsPerImage;
        double with = RecipeCost.Of(recipe with { EncoderMaskTokens = true }, s_imageNet).TrainFlopsPerImage;

        // Beyond the blocks: 147 tokens more are embedded into the decoder.
        Assert.Equal(6 * (61.4036 - 15.2224 + (147 * 1024 * 512 / 1e9)), (with - without) / 1e9, tolerance: 0.05);
        Assert.Equal(3.25, with / without, tolerance: 0.06);
    }

    [Fact]
    public void Pca_predicts_as_many_values_as_components()
    {
        var pixels = RecipeCost.Of(Presets.Find("base")!, s_imageNet);
        var pca = RecipeCost.Of(Presets.Find("base")! with { Target = ReconstructionTarget.Pca }, s_imageNet);

        Assert.Equal(513 * (768 - 96), pixels.Parameters - pca.Parameters);
        Assert.Equal(16, (Some.Recipe with { Target = ReconstructionTarget.Pca }).TargetValues(channels: 1));
    }

    /// <summary>Giga-MACs of the blocks, by hand: encoder at 49 + 1 tokens, decoder 512 x 8 at 196 + 1.</summary>
    [Theory]
    [InlineData("base", 4.2928 + 5.2751)]
    [InlineData("large", 15.2224 + 5.2751)]
    public void Flops_are_six_times_the_macs_of_the_blocks_and_little_more(string preset, double blockGigaMacs)
    {
        var recipe = Presets.Find(preset)!;
        double encoder = recipe.Encoder.Width;
        var ends = (196 * 768 * encoder) + (50 * encoder * 512) + (197 * 512 * 768);

        var cost = RecipeCost.Of(recipe, s_imageNet);

        Assert.Equal(6 * (blockGigaMacs + (ends / 1e9)), cost.TrainFlopsPerImage / 1e9, tolerance: 0.01);
    }

    [Fact]
    public void Steps_drop_the_last_incomplete_batch_and_accumulation()
    {
        // 8,000 images make 31 batches of 256, those 10 steps of 3.
        var recipe = Some.Recipe with { Accumulation = 3, Epochs = 7 };

        var cost = RecipeCost.Of(recipe, Datasets.FashionMnistSample);

        Assert.Equal(10, cost.StepsPerEpoch);
        Assert.Equal(70, cost.TotalSteps);
        Assert.Equal(70 * 3 * 256 * 12, cost.VisibleTokens);
        Assert.Equal(cost.TrainFlopsPerImage * 70 * 3 * 256, cost.TotalTrainFlops);
    }

    [Fact]
    public void Image_limit_counts_instead_of_the_whole_data_set() =>
        Assert.Equal(3, RecipeCost.Of(Some.Recipe with { Dataset = new("mnist", 1000) }, Datasets.Mnist).StepsPerEpoch);

    [Fact]
    public void Predicted_time_is_work_over_rate()
    {
        var cost = RecipeCost.Of(Some.Recipe, Datasets.FashionMnistSample);

        Assert.Equal(10, cost.PredictTime(cost.TotalTrainFlops / 10).TotalSeconds, tolerance: 1e-6);
    }

    [Fact]
    public void Memory_grows_with_the_batch_from_what_the_parameters_take()
    {
        var recipe = Some.Recipe with { Evaluation = EvaluationPlan.None };
        var one = RecipeCost.Of(recipe with { BatchSize = 1 }, Datasets.FashionMnistSample);
        var two = RecipeCost.Of(recipe with { BatchSize = 2 }, Datasets.FashionMnistSample);

        Assert.Equal(28 * one.Parameters, one.PeakMemoryBytes - (two.PeakMemoryBytes - one.PeakMemoryBytes), tolerance: 2.0);

        // Copies of the weights, and the maps of attention: two of every head, at two bytes.
        var maps = 1.35 * 4 * ((recipe.Encoder.Depth * recipe.Encoder.Heads * 13 * 13) + (recipe.Decoder.Depth * recipe.Decoder.Heads * 50 * 50));
        Assert.Equal(
            (2 * one.Parameters) + maps,
            RecipeCost.Of(recipe with { BatchSize = 1, Precision = Precision.Bf16 }, Datasets.FashionMnistSample).PeakMemoryBytes - one.PeakMemoryBytes, tolerance: 2.0);
    }

    /// <summary>What processes of these shapes held at most, less 207 MB of one that trains next to nothing: see tests/Benchmarks/README.md.</summary>
    [Theory]
    [InlineData(192, 12, 3, 96, 4, 3, 28, 128, Precision.Fp32, true, false, 1758)]
    [InlineData(192, 12, 3, 96, 4, 3, 28, 128, Precision.Fp32, false, true, 1535)]
    [InlineData(192, 12, 3, 96, 4, 3, 28, 128, Precision.Bf16, false, true, 1613)]
    [InlineData(512, 6, 8, 96, 2, 3, 28, 8, Precision.Fp32, false, true, 2331)]
    [InlineData(192, 4, 3, 96, 4, 3, 80, 16, Precision.Bf16, false, false, 578)]
    [InlineData(192, 4, 3, 96, 4, 3, 80, 16, Precision.Bf16, true, false, 4692)]
    [InlineData(192, 4, 3, 96, 4, 3, 80, 16, Precision.Bf16, false, true, 3807)]
    public void Memory_is_that_of_the_phase_that_takes_most(
        int width, int depth, int heads, int decoderWidth, int decoderDepth, int decoderHeads, int imageSize, int batchSize, Precision precision, bool probed, bool tuned, double measured)
    {
        var recipe = Some.Recipe with
        {
            Encoder = new(width, depth, heads),
            Decoder = new(decoderWidth, decoderDepth, decoderHeads),
            ImageSize = imageSize,
            PatchSize = 4,
            BatchSize = batchSize,
            Precision = precision,
            Evaluation = EvaluationPlan.None with { LinearProbe = probed, FineTune = new() { Epochs = tuned ? 1 : 0 } },
        };

        Assert.InRange(RecipeCost.Of(recipe, Datasets.FashionMnistSample).PeakMemoryBytes / 1e6 / measured, 0.75, 1.25);
    }

    [Fact]
    public void Visible_patches_do_not_suffer_from_binary_fractions()
    {
        Assert.Equal(5, Recipe.VisiblePatches(25, 0.8));
        Assert.Equal(45, Recipe.VisiblePatches(100, 0.55));
        Assert.Equal(40, Recipe.VisiblePatches(400, 0.9));
        Gen.Int[1, 32].Select(Gen.Int[1, 99]).Sample((grid, percent) =>
            Assert.Equal(grid * grid * (100 - percent) / 100, Recipe.VisiblePatches(grid * grid, percent / 100.0)));
    }
}
