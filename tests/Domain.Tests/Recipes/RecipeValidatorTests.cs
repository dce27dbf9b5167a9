using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Tests.Recipes;

public sealed class RecipeValidatorTests
{
    [Theory]
    [InlineData("patchSize", "5", "patchSize", "Patch size 5 does not divide image size 28; these do: 1, 2, 4, 7, 14, 28.")]
    [InlineData("patchSize", "0", "patchSize", "Patch size must be from 1 to 1,024, not 0.")]
    [InlineData("patchSize", "1", "patchSize", "A patch of a single value has no variance to be normalised by; use a larger patch size or target pixels.")]
    [InlineData("pcaComponents", "0", "pcaComponents", "PCA components must be from 1 to 3,072, not 0.")]
    [InlineData("patchSize", "56", "patchSize", "Patch size 56 does not divide image size 28; these do: 1, 2, 4, 7, 14, 28.")]
    [InlineData("imageSize", "1025", "imageSize", "Image size must be from 1 to 1,024, not 1025.")]
    [InlineData("encoder.heads", "5", "encoder.heads", "5 heads do not divide encoder width 64; these do: 1, 2, 4, 8, 16, 32, 64.")]
    [InlineData("decoder.heads", "3", "decoder.heads", "3 heads do not divide decoder width 32; these do: 1, 2, 4, 8, 16, 32.")]
    [InlineData("encoder.width", "70", "encoder.width", "Encoder width 70 is not divisible by 4, as the sine-cosine positions need; try 68 or 72.")]
    [InlineData("encoder.width", "1000000", "encoder.width", "Encoder width must be from 4 to 8,192, not 1000000.")]
    [InlineData("encoder.depth", "0", "encoder.depth", "Encoder depth must be from 1 to 128, not 0.")]
    [InlineData("maskRatio", "0", "maskRatio", "Mask ratio must be greater than 0 and less than 1, not 0.")]
    [InlineData("maskRatio", "1", "maskRatio", "Mask ratio must be greater than 0 and less than 1, not 1.")]
    [InlineData("maskRatio", "0.99", "maskRatio", "Mask ratio 0.99 leaves 0 of 49 patches visible; at least 1 must be.")]
    [InlineData("maskRatio", "1e-12", "maskRatio", "Mask ratio 1E-12 leaves 49 of 49 patches visible; at least 1 must be masked.")]
    [InlineData("dataset.name", "\"imagenet\"", "dataset.name", "There is no data set 'imagenet'. Known: cifar10, cifar100, fashion-mnist, fashion-mnist-sample, mnist.")]
    [InlineData("dataset.limit", "0", "dataset.limit", "Image limit must be from 1 to 2,147,483,647, not 0.")]
    [InlineData("dataset.limit", "9000", "dataset.limit", "Image limit 9,000 is more than the 8,000 training images of fashion-mnist-sample.")]
    [InlineData("dataset.limit", "100", "batchSize", "Batch size 256 is more than the 100 training images, so that an epoch would have no step.")]
    [InlineData("epochs", "0", "epochs", "Epochs must be from 1 to 100,000, not 0.")]
    [InlineData("batchSize", "0", "batchSize", "Batch size must be from 1 to 65,536, not 0.")]
    [InlineData("batchSize", "8001", "batchSize", "Batch size 8,001 is more than the 8,000 training images, so that an epoch would have no step.")]
    [InlineData("accumulation", "0", "accumulation", "Accumulation must be from 1 to 16,384, not 0.")]
    [InlineData("accumulation", "32", "accumulation", "Accumulation 32 is more than the 31 batches of an epoch, so that it would have no step.")]
    [InlineData("baseLearningRate", "0", "baseLearningRate", "Base learning rate must be greater than 0 and less than 100, not 0.")]
    [InlineData("baseLearningRate", "-1e-3", "baseLearningRate", "Base learning rate must be greater than 0 and less than 100, not -0.001.")]
    [InlineData("warmupEpochs", "-1", "warmupEpochs", "Warm-up epochs must be from 0 to 100,000, not -1.")]
    [InlineData("warmupEpochs", "10", "warmupEpochs", "Warm-up of 10 epochs must end before the 10 epochs do.")]
    [InlineData("minLearningRate", "0.002", "minLearningRate", "Final learning rate 0.002 is above the peak of 0.001 (base rate x 256 images a step / 256).")]
    [InlineData("weightDecay", "-0.1", "weightDecay", "Weight decay must be from 0 to 10, not -0.1.")]
    [InlineData("clipNorm", "0", "clipNorm", "Gradient clip must be greater than 0 and less than 1,000,000, not 0.")]
    [InlineData("uniformity", "-1", "uniformity", "Uniformity weight must be from 0 to 1,000, not -1.")]
    [InlineData("seed", "-1", "seed", "Seed must be from 0 to 9,007,199,254,740,991, not -1.")]
    [InlineData("seed", "9007199254740992", "seed", "Seed must be from 0 to 9,007,199,254,740,991, not 9007199254740992.")]
    [InlineData("evaluation.reconstructions", "65", "evaluation.reconstructions", "Reconstructions must be from 0 to 64, not 65.")]
    [InlineData("evaluation.everyEpochs", "-1", "evaluation.everyEpochs", "Evaluate every must be from 0 to 100,000, not -1.")]
    [InlineData("checkpoints.everyEpochs", "-1", "checkpoints.everyEpochs", "Checkpoint every must be from 0 to 100,000, not -1.")]
    [InlineData("checkpoints.keepEveryEpochs", "7", "checkpoints.keepEveryEpochs", "Checkpoints are saved every 5 epochs (checkpoints.everyEpochs): those kept for good must be a multiple of that, not 7.")]
    [InlineData("checkpoints.keepLast", "0", "checkpoints.keepLast", "Checkpoints kept must be from 1 to 1,000, not 0.")]
    [InlineData("checkpoints.keepBest", "\"linearAccuracy\"", "checkpoints.keepBest", "The best checkpoint can only be told where it is measured on the way: set evaluation.everyEpochs as well.")]
    public void Wrong_value_gives_one_error_with_its_own_message(string path, string literal, string field, string message)
    {
        var changed = RecipeJson.With(Some.Recipe, path, literal);

        Assert.Equal([new FieldError(field, message)], changed.IsValid ? RecipeValidator.Validate(changed.Value, Some.Datasets) : changed.Errors);
    }

    [Theory]
    [InlineData(BestCheckpoint.LinearAccuracy, 5, 5, true, 0, 0, null)]
    [InlineData(BestCheckpoint.LinearAccuracy, 5, 0, true, 0, 0, "checkpoints.everyEpochs")]
    [InlineData(BestCheckpoint.LinearAccuracy, 5, 5, false, 20, 8, "evaluation.linearProbe")]
    [InlineData(BestCheckpoint.KnnAccuracy, 5, 5, true, 0, 8, "evaluation.knn")]
    [InlineData(BestCheckpoint.ReconstructionError, 5, 5, true, 20, 0, "evaluation.reconstructions")]
    [InlineData(BestCheckpoint.None, 0, 0, false, 0, 0, null)]
    public void Best_checkpoint_needs_what_decides(
        BestCheckpoint best, int evaluateEvery, int saveEvery, bool linearProbe, int knn, int reconstructions, string? missing)
    {
        var recipe = Some.Recipe with
        {
            Evaluation = Some.Recipe.Evaluation with { EveryEpochs = evaluateEvery, LinearProbe = linearProbe, Knn = knn, Reconstructions = reconstructions },
            Checkpoints = new(EveryEpochs: saveEvery, KeepLast: 1) { KeepBest = best },
        };

        var errors = RecipeValidator.Validate(recipe, Some.Datasets);

        Assert.Equal(missing is null ? [] : [missing], errors.Select(error => error.Message.Split(": set ")[1].Split(' ')[0]));
        Assert.All(errors, error => Assert.Equal("checkpoints.keepBest", error.Field));
    }

    [Fact]
    public void Number_that_is_none_is_refused_in_every_field()
    {
        var recipe = Some.Recipe with
        {
            MaskRatio = double.NaN,
            BaseLearningRate = double.NaN,
            MinLearningRate = double.PositiveInfinity,
            WarmupEpochs = double.NaN,
            WeightDecay = double.NaN,
            ClipNorm = double.NaN,
            Uniformity = double.NaN,
        };

        Assert.Equal(
            ["maskRatio", "baseLearningRate", "warmupEpochs", "minLearningRate", "weightDecay", "clipNorm", "uniformity"],
            RecipeValidator.Validate(recipe, Some.Datasets).Select(error => error.Field));
    }

    [Fact]
    public void All_errors_are_said_at_once()
    {
        var recipe = Some.Recipe with { PatchSize = 5, MaskRatio = 2, Epochs = 0, Encoder = new(70, 0, 3), Dataset = new("none") };

        Assert.Equal(
            ["dataset.name", "encoder.depth", "encoder.width", "epochs", "maskRatio", "patchSize"],
            RecipeValidator.Validate(recipe, Some.Datasets).Select(error => error.Field).Order());
    }

    [Fact]
    public void Image_of_a_million_patches_is_refused()
    {
        var error = Assert.Single(RecipeValidator.Validate(Some.Recipe with { ImageSize = 1024, PatchSize = 1 }, Some.Datasets));

        Assert.Equal(new("patchSize", "Patch size 1 cuts a 1024 x 1024 image into 1,048,576 patches; at most 16,384 can be trained."), error);
    }

    [Theory]
    [InlineData(8192, 128, 256, "encoder.width")]
    [InlineData(4096, 32, 8000, "batchSize")]
    public void Recipe_that_needs_terabytes_is_refused(int width, int depth, int batchSize, string field)
    {
        var recipe = Some.Recipe with { ImageSize = 224, PatchSize = 14, Encoder = new(width, depth, 16), BatchSize = batchSize };

        Assert.Equal(field, Assert.Single(RecipeValidator.Validate(recipe, Some.Datasets)).Field);
    }

    [Fact]
    public void Pca_takes_no_more_components_than_a_patch_has_values_and_patches_of_a_size_it_can_solve()
    {
        var recipe = Some.Recipe with { Target = ReconstructionTarget.Pca };

        Assert.Empty(RecipeValidator.Validate(recipe, Some.Datasets));
        Assert.Empty(RecipeValidator.Validate(recipe with { PcaComponents = 16 }, Some.Datasets));
        Assert.Equal(
            [new("pcaComponents", "17 PCA components are more than the 16 values of a patch.")],
            RecipeValidator.Validate(recipe with { PcaComponents = 17 }, Some.Datasets));
        Assert.Equal(
            [new("patchSize", "Patches of 3,136 values are too large for target pca, which takes at most 3,072.")],
            RecipeValidator.Validate(recipe with { ImageSize = 112, PatchSize = 56 }, Some.Datasets));
        // Other targets do not read the field.
        Assert.Empty(RecipeValidator.Validate(Some.Recipe with { PcaComponents = 17 }, Some.Datasets));
    }

    [Fact]
    public void Classifiers_need_labelled_images()
    {
        var datasets = new Dictionary<string, DatasetInfo> { ["photos"] = new("photos", 3, 64, 0, 5000, 0) };
        var recipe = Some.Recipe with
        {
            Dataset = new("photos"),
            Evaluation = new(true, 8, 0) { Knn = 20, LarsProbe = new() { Epochs = 90 }, FineTune = new() { Epochs = 10 } },
        };

        Assert.Equal(
            ["evaluation.linearProbe", "evaluation.knn", "evaluation.larsProbe.epochs", "evaluation.fineTune.epochs"],
            RecipeValidator.Validate(recipe, datasets).Select(error => error.Field));
        Assert.Empty(RecipeValidator.Validate(recipe with { Evaluation = new(false, 8, 0) }, datasets));
    }

    [Fact]
    public void Control_from_scratch_needs_a_fine_tuning_to_repeat()
    {
        var plan = Some.Recipe.Evaluation with { FineTune = new() { ScratchControl = true } };

        Assert.Equal("evaluation.fineTune.scratchControl", Assert.Single(RecipeValidator.Validate(Some.Recipe with { Evaluation = plan }, Some.Datasets)).Field);
        plan = plan with { FineTune = plan.FineTune with { Epochs = 1 } };
        Assert.Empty(RecipeValidator.Validate(Some.Recipe with { Evaluation = plan }, Some.Datasets));
    }
}
