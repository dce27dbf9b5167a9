using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Formats;
using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Training;

/// <summary>Where a run stands, beside its tensors.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="ElapsedSeconds">Time spent training, evaluations not counted, over all attempts.</param>
/// <param name="TrainImages">Images of the training set: another number would change what an epoch is.</param>
/// <param name="Evaluated">False where the run was stopped in the midst of the evaluation due at this step.</param>
/// <param name="Fingerprint">Of the data set, see <see cref="Data.Dataset.Fingerprint"/>; null in files older than this entry.</param>
public sealed record TrainingPosition(long Step, double Epoch, double ElapsedSeconds, int TrainImages, bool Evaluated, string? Fingerprint);

/// <summary>
/// A run's state as a safetensors file: the parameters under their public MAE names (so that PyTorch reads them directly), the
/// moments as <c>optim.exp_avg.NAME</c> and <c>optim.exp_avg_sq.NAME</c>, recipe and position in the metadata. With stateless
/// randomness that is all a run needs to go on bit for bit.
/// </summary>
public static class Checkpoint
{
    private const string Moments = "optim.";
    private const string Mean = Moments + "exp_avg.";
    private const string Square = Moments + "exp_avg_sq.";
    private const string RecipeEntry = "recipe";
    private const string Step = "step";
    private const string Evaluated = "evaluated";
    private const string Fingerprint = "dataset_fingerprint";
    private const string Version = "maelab.checkpoint";
    private const string CurrentVersion = "1";

    /// <summary>Writes in memory that does not grow with the model.</summary>
    public static void Write(Stream stream, Learner learner, Recipe recipe, TrainingPosition position)
    {
        var metadata = new Dictionary<string, string>
        {
            [Version] = CurrentVersion,
            [RecipeEntry] = JsonSerializer.Serialize(recipe, JsonDefaults.Options),
            [Step] = position.Step.ToString(CultureInfo.InvariantCulture),
            ["epoch"] = position.Epoch.ToString("R", CultureInfo.InvariantCulture),
            ["elapsed_s"] = position.ElapsedSeconds.ToString("R", CultureInfo.InvariantCulture),
            ["train_images"] = position.TrainImages.ToString(CultureInfo.InvariantCulture),
            [Evaluated] = position.Evaluated ? bool.TrueString : bool.FalseString,
        };
        if (position.Fingerprint is { } fingerprint)
        {
            metadata.Add(Fingerprint, fingerprint);
        }

        SafetensorsWriter.Write(stream, [.. Slots(learner.Parameters, learner.Optimizer).Select(slot => slot.ToWrite())], metadata);
    }

    /// <summary>Reads weights and moments into the learner, once names and shapes have been found to agree.</summary>
    /// <exception cref="InvalidDataException">Not a checkpoint of this recipe, or damaged.</exception>
    public static TrainingPosition Read(Stream stream, Learner learner, Recipe recipe)
    {
        var reader = new SafetensorsReader(stream);
        var position = Position(reader.Header.Metadata, recipe);
        TensorSlot.ReadAll(reader, [.. Slots(learner.Parameters, learner.Optimizer)]);
        return position;
    }

    /// <summary>The recipe of the run that a checkpoint belongs to; reads the stream as far as its header.</summary>
    /// <exception cref="InvalidDataException">No checkpoint, or damaged.</exception>
    public static Recipe ReadRecipe(Stream stream)
    {
        var metadata = new SafetensorsReader(stream).Header.Metadata;
        CheckVersion(metadata);
        try
        {
            return RecipeJson.Read(metadata[RecipeEntry]);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or FormatException)
        {
            throw Damaged(exception);
        }
    }

    /// <summary>The step that a checkpoint was saved at; reads the stream as far as its header.</summary>
    /// <exception cref="InvalidDataException">No checkpoint, or damaged.</exception>
    public static long ReadStep(Stream stream)
    {
        var metadata = new SafetensorsReader(stream).Header.Metadata;
        CheckVersion(metadata);
        return metadata.TryGetValue(Step, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var step) ? step
            : throw new InvalidDataException($"The checkpoint's metadata are damaged: '{Step}' is no number.");
    }

    /// <summary>The weights of a checkpoint, for those who only look at its model; the moments may be there or not.</summary>
    /// <param name="recipe">The checkpoint's own.</param>
    /// <exception cref="InvalidDataException">Not a checkpoint of this recipe, without a part of its weights, or damaged.</exception>
    public static ParameterStore ReadParameters(Stream stream, Recipe recipe, int channels, Device device)
    {
        var reader = new SafetensorsReader(stream);
        Position(reader.Header.Metadata, recipe);
        var parameters = new ParameterStore(MaeParameters.Of(MaeShape.Of(recipe, channels)), device, parameter => new float[parameter.Count]);
        try
        {
            TensorSlot.ReadAll(reader, [.. parameters.Parameters.Select(parameter => Weight(parameters, parameter))], IsMoment);
            return parameters;
        }
        catch (InvalidDataException)
        {
            parameters.Dispose();
            throw;
        }
    }

    /// <summary>Whether a tensor of this name is the optimizer's.</summary>
    public static bool IsMoment(string name) => name.StartsWith(Moments, StringComparison.Ordinal);

    /// <summary>SHA-256 over names, shapes and values of all parameters, in the order of their names; lower-case hex.</summary>
    public static string Sha256(ParameterStore parameters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in parameters.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            hash.AppendData(Encoding.UTF8.GetBytes($"{parameter.Name}[{string.Join(',', parameter.Shape)}]"));
            hash.AppendData(parameters[parameter].cpu().bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static TensorSlot Weight(ParameterStore parameters, ParameterSpec parameter) => new(parameter.Name, parameter.Shape, () => parameters[parameter]);

    /// <summary>Parameters and, of those that are trained, moments.</summary>
    internal static IEnumerable<TensorSlot> Slots(ParameterStore parameters, AdamW optimizer)
    {
        foreach (var parameter in parameters.Parameters)
        {
            yield return Weight(parameters, parameter);
            if (parameter.Trainable)
            {
                yield return new(Mean + parameter.Name, parameter.Shape, () => parameters.Slice(optimizer.Mean, parameter));
                yield return new(Square + parameter.Name, parameter.Shape, () => parameters.Slice(optimizer.Square, parameter));
            }
        }
    }

    /// <exception cref="InvalidDataException">The metadata are not those of a checkpoint.</exception>
    internal static void CheckVersion(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault(Version) != CurrentVersion)
        {
            throw new InvalidDataException("The file is no MaeLab checkpoint of a version this engine knows.");
        }
    }

    private static TrainingPosition Position(IReadOnlyDictionary<string, string> metadata, Recipe recipe)
    {
        CheckVersion(metadata);
        try
        {
            var saved = JsonSerializer.Deserialize<Recipe>(metadata[RecipeEntry], JsonDefaults.Options);
            // Another device computes the same run, what is kept of it does not change it.
            if (saved is null || saved with { Device = recipe.Device, Checkpoints = recipe.Checkpoints, Evaluation = recipe.Evaluation } != recipe)
            {
                throw new InvalidDataException("The checkpoint belongs to another recipe.");
            }

            return new(
                long.Parse(metadata[Step], CultureInfo.InvariantCulture),
                double.Parse(metadata["epoch"], CultureInfo.InvariantCulture),
                double.Parse(metadata["elapsed_s"], CultureInfo.InvariantCulture),
                int.Parse(metadata["train_images"], CultureInfo.InvariantCulture),

                // Files older than this entry were written after the evaluation.
                bool.Parse(metadata.GetValueOrDefault(Evaluated, bool.TrueString)),
                metadata.GetValueOrDefault(Fingerprint));
        }
        catch (Exception exception) when (exception is KeyNotFoundException or FormatException or OverflowException or JsonException)
        {
            throw Damaged(exception);
        }
    }

    private static InvalidDataException Damaged(Exception cause) => new($"The checkpoint's metadata are damaged: {cause.Message}", cause);
}
