using System.Globalization;
using System.Runtime.InteropServices;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Formats;
using MaeLab.Engine.Model;
using MaeLab.Engine.Native;
using TorchSharp;

namespace MaeLab.Engine.Training;

/// <summary>How far one quantity of a reference file is from what the engine computes.</summary>
/// <param name="Difference">Largest absolute difference of any element; NaN where one side is not a number.</param>
public sealed record Deviation(string Quantity, double Difference, double Tolerance)
{
    public bool IsWithin => Difference <= Tolerance;
}

/// <summary>
/// Computes what a reference file records of another implementation of MAE: the file holds weights (<c>model/NAME</c>),
/// <c>input/images</c> [steps, batch, C, S, S], <c>input/noise</c> [steps, batch, L] and the other's results (<c>expected/...</c>).
/// The steps run through the same <see cref="Learner"/> that trains.
/// </summary>
public static class Verify
{
    private const string Format = "mae-reference-v1";
    private const double ForwardTolerance = 1e-5;
    private const double GradientTolerance = 1e-5;
    private const double LossTolerance = 1e-5;
    private const double FinalTolerance = 1e-4;

    /// <returns>One line a quantity: latent, mask, ids_restore and pred of step 0, its gradients, all losses, the final weights.</returns>
    /// <exception cref="InvalidDataException">The file is no reference file.</exception>
    public static IReadOnlyList<Deviation> Run(Stream file)
    {
        NativeThreads.Prepare();
        var reader = new SafetensorsReader(file);
        var reference = new Reference(reader.Header.Metadata, reader.ReadAll());
        using var scope = torch.NewDisposeScope();
        using var learner = new Learner(reference.Recipe, reference.Shape, reference.Settings, torch.CPU, parameter => reference.Floats($"model/{parameter.Name}", parameter.Shape));
        var deviations = new List<Deviation>();
        deviations.AddRange(Forward(reference, learner));

        var losses = new float[reference.Steps];
        for (var step = 0; step < reference.Steps; step++)
        {
            var batch = reference.Batch(step);
            losses[step] = (float)learner.Step(() => batch, _ => { }, reference.LearningRate, step + 1).Loss;
            if (step == 0)
            {
                deviations.Add(new("gradients", Largest(learner.Parameters.Parameters.Where(parameter => parameter.Trainable), parameter =>
                    Difference(Values(learner.Parameters.Slice(learner.Parameters.Flat.grad!, parameter)), reference.Floats($"expected/grad/{parameter.Name}", parameter.Shape))), GradientTolerance));
            }
        }

        deviations.Add(new("losses", Difference(losses, reference.Floats("expected/losses", [reference.Steps])), LossTolerance));
        deviations.AddRange(Final(reference, learner));
        return deviations;
    }

    private static IEnumerable<Deviation> Forward(Reference reference, Learner learner)
    {
        using var free = torch.no_grad();
        var batch = reference.Batch(0);
        var weights = learner.Parameters.Weights(Precision.Fp32);
        var images = torch.tensor(batch.Pixels, reference.ImagesShape);
        var mask = Mask.Of(batch.Plan, torch.CPU);
        var latent = learner.Model.Encode(weights, images, mask);
        var prediction = learner.Model.Decode(weights, latent, mask);
        long[] maskShape = [batch.Plan.Images, batch.Plan.Patches];
        return
        [
            new("latent", Difference(Values(latent), reference.Floats("expected/latent", latent.shape)), ForwardTolerance),
            new("mask", Difference(batch.Plan.Mask(), reference.Floats("expected/mask", maskShape)), 0),
            new("ids_restore", Difference(batch.Plan.Restore(), reference.Integers("expected/ids_restore", maskShape)), 0),
            new("pred", Difference(Values(prediction), reference.Floats("expected/pred", prediction.shape)), ForwardTolerance),
        ];
    }

    /// <summary>
    /// The weights after the last step. Biases of the keys stand apart: the softmax does not see them, so their exact gradient is
    /// zero, what either implementation finds is rounding (about 1e-10), and AdamW, whose eps is 1e-8, makes steps out of it.
    /// They may differ by a fifth of what the steps could move a weight; a real gradient moves one by nearly all of it.
    /// </summary>
    private static IEnumerable<Deviation> Final(Reference reference, Learner learner)
    {
        double weights = 0, keys = 0;
        foreach (var parameter in learner.Parameters.Parameters)
        {
            float[] ours = Values(learner.Parameters[parameter]), theirs = reference.Floats($"expected/final/{parameter.Name}", parameter.Shape);
            if (parameter.Name.EndsWith(".attn.qkv.bias", StringComparison.Ordinal))
            {
                // q | k | v
                var third = ours.Length / 3;
                keys = Math.Max(keys, Difference(ours[third..^third], theirs[third..^third]));
                (ours, theirs) = ([.. ours[..third], .. ours[^third..]], [.. theirs[..third], .. theirs[^third..]]);
            }

            weights = Math.Max(weights, Difference(ours, theirs));
        }

        return [new("final weights", weights, FinalTolerance), new("final key biases", keys, reference.Steps * reference.LearningRate / 5)];
    }

    private static float[] Values(torch.Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    private static double Largest(IEnumerable<ParameterSpec> parameters, Func<ParameterSpec, double> difference) =>
        parameters.Select(difference).Aggregate(0.0, Math.Max);

    private static double Difference(float[] ours, float[] theirs) => Difference([.. ours.Select(value => (double)value)], [.. theirs.Select(value => (double)value)]);

    private static double Difference(long[] ours, long[] theirs) => Difference([.. ours.Select(value => (double)value)], [.. theirs.Select(value => (double)value)]);

    private static double Difference(double[] ours, double[] theirs) => ours.Zip(theirs, (left, right) => Math.Abs(left - right)).Aggregate(0.0, Math.Max);

    /// <summary>The content of a reference file in the engine's words.</summary>
    private sealed class Reference
    {
        private readonly IReadOnlyDictionary<string, string> _metadata;
        private readonly IReadOnlyDictionary<string, (SafetensorsEntry Entry, byte[] Bytes)> _tensors;
        private readonly float[] _images;
        private readonly float[] _noise;

        public Reference(IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, (SafetensorsEntry, byte[])> tensors)
        {
            (_metadata, _tensors) = (metadata, tensors);
            if (metadata.GetValueOrDefault("format") != Format)
            {
                throw new InvalidDataException($"Not a reference file: metadata 'format' is not '{Format}'.");
            }

            Shape = new(Count("img_size"), Count("in_chans"), Count("patch_size"),
                new(Count("embed_dim"), Count("depth"), Count("num_heads")),
                new(Count("decoder_embed_dim"), Count("decoder_depth"), Count("decoder_num_heads")))
            {
                MlpRatio = Number("mlp_ratio"),
            };
            if (Shape.ImageSize % Shape.PatchSize != 0 || new[] { Shape.Encoder, Shape.Decoder }.Any(half => half.Width % 4 != 0 || half.Width % half.Heads != 0))
            {
                throw new InvalidDataException($"The metadata describe no MAE: patches must divide the image, 4 and the heads the widths ({Shape}).");
            }

            Settings = new(Number("weight_decay"), Number("beta1"), Number("beta2"), Number("eps"));
            Recipe = Presets.Find(Presets.Default)! with
            {
                ImageSize = Shape.ImageSize,
                PatchSize = Shape.PatchSize,
                Encoder = Shape.Encoder,
                Decoder = Shape.Decoder,
                MaskRatio = Number("mask_ratio"),
                Target = Switch("norm_pix_loss") ? ReconstructionTarget.NormalizedPixels : ReconstructionTarget.Pixels,
                BatchSize = Count("batch"),
                WeightDecay = Settings.WeightDecay,
            };
            ImagesShape = [Recipe.BatchSize, Shape.Channels, Shape.ImageSize, Shape.ImageSize];
            _images = Floats("input/images", [Steps, .. ImagesShape]);
            _noise = Floats("input/noise", [Steps, Recipe.BatchSize, Shape.Patches]);
            RequireModel();
        }

        public MaeShape Shape { get; }

        public AdamWSettings Settings { get; }

        public Recipe Recipe { get; }

        public long[] ImagesShape { get; }

        public int Steps => Count("steps");

        public double LearningRate => Number("lr");

        /// <summary>K as the other implementation had it: for some ratios its float arithmetic gives one less than the recipe's.</summary>
        private int Visible => Tensor("expected/latent").Entry.Shape is [_, > 1 and var tokens, _] && tokens <= Shape.Patches ? (int)tokens - 1
            : throw new InvalidDataException("Tensor 'expected/latent' does not tell how many patches are visible.");

        public Batch<MaskPlan> Batch(int step)
        {
            int pixels = _images.Length / Steps, noise = _noise.Length / Steps;
            return new(_images[(step * pixels)..((step + 1) * pixels)],
                MaskOrder.FromNoise(_noise.AsSpan(step * noise, noise), Recipe.BatchSize, Visible));
        }

        /// <summary>Nothing of the sizes that the metadata name is allocated before the file has shown tensors of them.</summary>
        private void RequireModel()
        {
            if ((long)Shape.Encoder.Depth + Shape.Decoder.Depth > _tensors.Count)
            {
                throw new InvalidDataException($"Metadata 'depth' and 'decoder_depth' are of more blocks than the file has tensors: {Shape.Encoder.Depth} and {Shape.Decoder.Depth}.");
            }

            foreach (var parameter in MaeParameters.Of(Shape))
            {
                Require($"model/{parameter.Name}", "F32", parameter.Shape);
            }
        }

        public float[] Floats(string name, long[] shape) => Values<float>(name, "F32", shape);

        public long[] Integers(string name, long[] shape) => Values<long>(name, "I64", shape);

        private T[] Values<T>(string name, string type, long[] shape)
            where T : unmanaged
        {
            Require(name, type, shape);
            return MemoryMarshal.Cast<byte, T>(Tensor(name).Bytes).ToArray();
        }

        private void Require(string name, string type, long[] shape)
        {
            var entry = Tensor(name).Entry;
            if (entry.Type != type || !entry.Shape.AsSpan().SequenceEqual(shape))
            {
                throw new InvalidDataException(
                    $"Tensor '{name}' is {entry.Type} [{string.Join(", ", entry.Shape)}]; the metadata ask for {type} [{string.Join(", ", shape)}].");
            }
        }

        private (SafetensorsEntry Entry, byte[] Bytes) Tensor(string name) =>
            _tensors.TryGetValue(name, out var tensor) ? tensor : throw new InvalidDataException($"The reference file lacks the tensor '{name}'.");

        private int Count(string key) => int.TryParse(Text(key), CultureInfo.InvariantCulture, out var count) && count > 0 ? count
            : throw new InvalidDataException($"Metadata '{key}' is not a count: '{Text(key)}'.");

        private double Number(string key) => double.TryParse(Text(key), CultureInfo.InvariantCulture, out var number) && float.IsFinite((float)number) ? number
            : throw new InvalidDataException($"Metadata '{key}' is not a number: '{Text(key)}'.");

        private bool Switch(string key) => bool.TryParse(Text(key), out var value) ? value
            : throw new InvalidDataException($"Metadata '{key}' is neither true nor false: '{Text(key)}'.");

        private string Text(string key) =>
            _metadata.GetValueOrDefault(key) ?? throw new InvalidDataException($"The reference file's metadata lack '{key}'.");
    }
}
