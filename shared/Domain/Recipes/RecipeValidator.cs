using System.Globalization;

namespace MaeLab.Domain.Recipes;

/// <summary>Says everything that is wrong with a recipe, field by field.</summary>
public static class RecipeValidator
{
    /// <summary>Patches an image; more is a slip of the keyboard (a 1024 x 1024 image in patches of 8 has as many).</summary>
    public const int MaxPatches = 16_384;

    /// <summary>Largest patch whose principal components can be computed: P values make a P x P covariance (16 x 16 pixels in colour are 768).</summary>
    public const int MaxPcaPatchValues = 3_072;

    /// <summary>What a run may be estimated to need, 1 TiB; more is a slip of the keyboard.</summary>
    public const long MaxMemoryBytes = 1L << 40;

    /// <returns>Empty for a recipe that can be trained. Fields are dotted paths without a prefix (<c>patchSize</c>).</returns>
    public static IReadOnlyList<FieldError> Validate(Recipe recipe, IReadOnlyDictionary<string, DatasetInfo> datasets)
    {
        var errors = new List<FieldError>();
        CheckBounds(recipe, errors);

        // Rules between fields make sense only where each field is in its own bounds.
        bool Sound(params ReadOnlySpan<string> fields)
        {
            foreach (var error in errors)
            {
                if (fields.Contains(error.Field))
                {
                    return false;
                }
            }

            return true;
        }

        if (Sound("imageSize", "patchSize") && CheckPatches(recipe, errors) && Sound("maskRatio"))
        {
            CheckMask(recipe, errors);
        }

        if (Sound("encoder.width", "encoder.heads"))
        {
            CheckShape("encoder", "Encoder", recipe.Encoder, errors);
        }

        if (Sound("decoder.width", "decoder.heads"))
        {
            CheckShape("decoder", "Decoder", recipe.Decoder, errors);
        }

        if (Sound("epochs", "warmupEpochs") && recipe.WarmupEpochs >= recipe.Epochs)
        {
            errors.Add(new("warmupEpochs", Text($"Warm-up of {recipe.WarmupEpochs:0.####} epochs must end before the {recipe.Epochs:#,0} epochs do.")));
        }

        if (Sound("batchSize", "accumulation", "baseLearningRate", "minLearningRate") && recipe.MinLearningRate > recipe.PeakLearningRate())
        {
            errors.Add(new("minLearningRate", Text(
                $"Final learning rate {recipe.MinLearningRate:G4} is above the peak of {recipe.PeakLearningRate():G4} (base rate x {recipe.EffectiveBatch():#,0} images a step / 256).")));
        }

        if (Sound("evaluation.fineTune.epochs") && recipe.Evaluation.FineTune is { ScratchControl: true, Epochs: 0 })
        {
            errors.Add(new("evaluation.fineTune.scratchControl", "The control from scratch repeats the fine-tuning: set evaluation.fineTune.epochs as well."));
        }

        if (Sound("checkpoints.everyEpochs", "checkpoints.keepEveryEpochs") && !KeepsWhatIsSaved(recipe.Checkpoints))
        {
            errors.Add(new("checkpoints.keepEveryEpochs", Text(
                $"Checkpoints are saved every {recipe.Checkpoints.EveryEpochs:#,0} epochs (checkpoints.everyEpochs): those kept for good must be a multiple of that, not {recipe.Checkpoints.KeepEveryEpochs:#,0}.")));
        }

        if (Sound("checkpoints.everyEpochs", "evaluation.everyEpochs") && WhatIsNotMeasured(recipe) is { } missing)
        {
            errors.Add(new("checkpoints.keepBest", $"The best checkpoint can only be told where it is measured on the way: set {missing} as well."));
        }

        if (!datasets.TryGetValue(recipe.Dataset.Name, out var dataset))
        {
            errors.Add(new("dataset.name", $"There is no data set '{recipe.Dataset.Name}'. Known: {string.Join(", ", datasets.Keys.Order(StringComparer.Ordinal))}."));
            return errors;
        }

        CheckDataset(recipe, dataset, errors);
        if (Sound("imageSize", "patchSize", "pcaComponents"))
        {
            CheckTarget(recipe, dataset, errors);
        }

        if (Sound("dataset.limit", "batchSize", "accumulation"))
        {
            CheckSteps(recipe, dataset, errors);
        }

        if (errors.Count == 0)
        {
            CheckMemory(recipe, dataset, errors);
        }

        return errors;
    }

    private static void CheckBounds(Recipe recipe, List<FieldError> errors)
    {
        foreach (var field in RecipeFields.All)
        {
            if (field.Bounds is { } bounds && field.Get(recipe) is { } value && !bounds.Contain(Convert.ToDouble(value, CultureInfo.InvariantCulture)))
            {
                errors.Add(new(field.Path, $"{field.Label} must be {bounds}, not {FieldValue.Literal(value)}."));
            }
        }
    }

    /// <summary>What is never saved cannot be kept.</summary>
    private static bool KeepsWhatIsSaved(CheckpointPlan plan) =>
        plan.KeepEveryEpochs == 0 || (plan.EveryEpochs > 0 && plan.KeepEveryEpochs % plan.EveryEpochs == 0);

    /// <returns>The field without which no checkpoint on the way has the value that decides which is best; null where there is none.</returns>
    private static string? WhatIsNotMeasured(Recipe recipe) => recipe.Checkpoints.KeepBest switch
    {
        BestCheckpoint.None => null,
        _ when recipe.Evaluation.EveryEpochs == 0 => "evaluation.everyEpochs",
        _ when recipe.Checkpoints.EveryEpochs == 0 => "checkpoints.everyEpochs",
        BestCheckpoint.LinearAccuracy when !recipe.Evaluation.LinearProbe => "evaluation.linearProbe",
        BestCheckpoint.KnnAccuracy when recipe.Evaluation.Knn == 0 => "evaluation.knn",
        BestCheckpoint.ReconstructionError when recipe.Evaluation.Reconstructions == 0 => "evaluation.reconstructions",
        _ => null,
    };

    private static bool CheckPatches(Recipe recipe, List<FieldError> errors)
    {
        var (size, patch) = (recipe.ImageSize, recipe.PatchSize);
        if (size % patch != 0)
        {
            var divisors = Enumerable.Range(1, size).Where(p => size % p == 0);
            errors.Add(new("patchSize", $"Patch size {patch} does not divide image size {size}; these do: {string.Join(", ", divisors)}."));
            return false;
        }

        if (recipe.Patches() > MaxPatches)
        {
            errors.Add(new("patchSize", Text($"Patch size {patch} cuts a {size} x {size} image into {recipe.Patches():#,0} patches; at most {MaxPatches:#,0} can be trained.")));
            return false;
        }

        return true;
    }

    private static void CheckMask(Recipe recipe, List<FieldError> errors)
    {
        var (patches, visible) = (recipe.Patches(), recipe.VisiblePatches());
        if (visible < 1)
        {
            errors.Add(new("maskRatio", Text($"Mask ratio {recipe.MaskRatio} leaves 0 of {patches:#,0} patches visible; at least 1 must be.")));
        }
        else if (visible >= patches)
        {
            errors.Add(new("maskRatio", Text($"Mask ratio {recipe.MaskRatio} leaves {visible:#,0} of {patches:#,0} patches visible; at least 1 must be masked.")));
        }
    }

    private static void CheckShape(string path, string label, TransformerShape shape, List<FieldError> errors)
    {
        if (shape.Width % 4 != 0)
        {
            var below = Math.Max(4, shape.Width / 4 * 4);
            errors.Add(new($"{path}.width", $"{label} width {shape.Width} is not divisible by 4, as the sine-cosine positions need; try {below} or {below + 4}."));
        }
        else if (shape.Width % shape.Heads != 0)
        {
            var divisors = Enumerable.Range(1, Math.Min(shape.Width, 64)).Where(heads => shape.Width % heads == 0);
            errors.Add(new($"{path}.heads", $"{shape.Heads} heads do not divide {path} width {shape.Width}; these do: {string.Join(", ", divisors)}."));
        }
    }

    private static void CheckDataset(Recipe recipe, DatasetInfo dataset, List<FieldError> errors)
    {
        if (recipe.Dataset.Limit > dataset.TrainImages)
        {
            errors.Add(new("dataset.limit", Text($"Image limit {recipe.Dataset.Limit:#,0} is more than the {dataset.TrainImages:#,0} training images of {dataset.Name}.")));
        }

        if (dataset.Classes < 2 || dataset.ProbeImages < 1)
        {
            errors.AddRange(Classifiers(recipe.Evaluation).Where(classifier => classifier.Wanted)
                .Select(classifier => new FieldError(classifier.Field, $"{dataset.Name} has no labelled images to score {classifier.Name} with.")));
        }
    }

    private static void CheckTarget(Recipe recipe, DatasetInfo dataset, List<FieldError> errors)
    {
        var values = recipe.PatchValues(dataset.Channels);
        if (recipe.Target == ReconstructionTarget.NormalizedPixels && values == 1)
        {
            errors.Add(new("patchSize", "A patch of a single value has no variance to be normalised by; use a larger patch size or target pixels."));
        }
        else if (recipe.Target == ReconstructionTarget.Pca && values > MaxPcaPatchValues)
        {
            errors.Add(new("patchSize", Text($"Patches of {values:#,0} values are too large for target pca, which takes at most {MaxPcaPatchValues:#,0}.")));
        }
        else if (recipe.Target == ReconstructionTarget.Pca && recipe.PcaComponents > values)
        {
            errors.Add(new("pcaComponents", Text($"{recipe.PcaComponents:#,0} PCA components are more than the {values:#,0} values of a patch.")));
        }
    }

    /// <summary>The evaluations that need labels.</summary>
    private static IEnumerable<(bool Wanted, string Field, string Name)> Classifiers(EvaluationPlan plan) =>
    [
        (plan.LinearProbe, "evaluation.linearProbe", "a linear probe"),
        (plan.Knn > 0, "evaluation.knn", "nearest neighbours"),
        (plan.LarsProbe.Epochs > 0, "evaluation.larsProbe.epochs", "a linear probe"),
        (plan.FineTune.Epochs > 0, "evaluation.fineTune.epochs", "fine-tuning"),
    ];

    private static void CheckSteps(Recipe recipe, DatasetInfo dataset, List<FieldError> errors)
    {
        var images = recipe.TrainImages(dataset.TrainImages);
        var batches = images / recipe.BatchSize;
        if (batches == 0)
        {
            errors.Add(new("batchSize", Text($"Batch size {recipe.BatchSize:#,0} is more than the {images:#,0} training images, so that an epoch would have no step.")));
        }
        else if (batches < recipe.Accumulation)
        {
            errors.Add(new("accumulation", Text($"Accumulation {recipe.Accumulation:#,0} is more than the {batches:#,0} batches of an epoch, so that it would have no step.")));
        }
    }

    private static void CheckMemory(Recipe recipe, DatasetInfo dataset, List<FieldError> errors)
    {
        var cost = RecipeCost.Of(recipe, dataset);
        if (cost.PeakMemoryBytes > MaxMemoryBytes)
        {
            var culprit = cost.Parameters * RecipeCost.BytesPerParameter > MaxMemoryBytes / 2 ? "encoder.width" : "batchSize";
            errors.Add(new(culprit, Text($"This would need about {cost.PeakMemoryBytes >> 30:#,0} GiB of memory; at most {MaxMemoryBytes >> 30:#,0} GiB are allowed.")));
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
