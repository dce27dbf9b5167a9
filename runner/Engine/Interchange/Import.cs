using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Formats;
using MaeLab.Engine.Model;
using MaeLab.Engine.Native;
using MaeLab.Engine.Training;
using TorchSharp;

namespace MaeLab.Engine.Interchange;

/// <param name="Scheme">Whose names the file bears.</param>
/// <param name="EncoderOnly">The file has no decoder: the recipe's seed made one.</param>
public sealed record ImportResult(NameScheme Scheme, bool EncoderOnly, int Tensors);

/// <summary>Turns a file of others' weights into a checkpoint at step 0, from which a run of the recipe goes on.</summary>
public static class Import
{
    /// <param name="file">Names of the public MAE checkpoints or of Hugging Face's ViT-MAE, all fp32; with the decoder or without.</param>
    /// <param name="dataset">The recipe's data set.</param>
    /// <exception cref="InvalidDataException">Not such a file, or not of the recipe's model; the message lists what differs.</exception>
    public static ImportResult Run(Stream file, Recipe recipe, Dataset dataset, Stream checkpoint)
    {
        NativeThreads.Prepare();
        using var scope = torch.NewDisposeScope();
        using var learner = new Learner(recipe, dataset.Channels, torch.CPU, PatchPca.OfTarget(recipe, dataset));
        var reader = new SafetensorsReader(file);
        var scheme = TensorNames.SchemeOf(reader.Header.Entries.Select(entry => entry.Name));
        var encoderOnly = reader.Header.Entries.All(entry => TensorNames.IsOfEncoder(entry.Name, scheme));
        TensorSlot[] expected = [.. learner.Parameters.Parameters
            .Where(parameter => !encoderOnly || MaeParameters.MakesFeatures(parameter.Name))
            .SelectMany(parameter => Slots(learner.Parameters, parameter, scheme))];
        TensorSlot.ReadAll(reader, expected);
        Checkpoint.Write(checkpoint, learner, recipe, new(Step: 0, Epoch: 0, ElapsedSeconds: 0, dataset.Train.Count, Evaluated: true, Fingerprint: null));
        return new(scheme, encoderOnly, expected.Length);
    }

    private static IEnumerable<TensorSlot> Slots(ParameterStore parameters, ParameterSpec parameter, NameScheme scheme)
    {
        var names = TensorNames.Of(parameter.Name, scheme);
        var shape = TensorNames.PartShape(parameter.Name, parameter.Shape, names.Count);
        return names.Select((name, part) => new TensorSlot(name, shape, () =>
        {
            using var whole = parameters[parameter];
            return whole.narrow(0, part * shape[0], shape[0]);
        }));
    }
}
