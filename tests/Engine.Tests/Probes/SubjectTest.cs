using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;
using MaeLab.Engine.Tests.Training;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

/// <summary>Small models to look into, on the embedded sample.</summary>
public abstract class SubjectTest : ProbeTest
{
    private protected static Interruption Free { get; } = new(new NoSink(), Jobs.Small, channels: 1, CancellationToken.None);

    /// <param name="values">First values of a parameter where they are to differ from the seed's; null: the seed's.</param>
    private protected static Subject New(Recipe? recipe = null, Func<ParameterSpec, float[]?>? values = null)
    {
        recipe ??= Jobs.Small;
        var dataset = new DatasetLocator(new Dictionary<string, string>()).Open(recipe.Dataset.Name, recipe.Dataset.Limit);
        var shape = MaeShape.Of(recipe, dataset.Channels);
        var pca = PatchPca.OfTarget(recipe, dataset);
        var parameters = new ParameterStore(
            MaeParameters.Of(shape), CPU, parameter => values?.Invoke(parameter) ?? pca?.Values(parameter) ?? Initialization.Values(parameter, shape, seed: 3));
        return new(recipe, dataset, new(shape), new(dataset, recipe.ImageSize), parameters.Weights(Precision.Fp32));
    }

    /// <summary>Queries and keys of nothing: every token attends to all tokens alike.</summary>
    private protected static float[]? UniformAttention(ParameterSpec parameter) => Zeroed(parameter, ".attn.qkv.weight", share: 2 / 3.0);

    /// <summary>Blocks that add nothing to the stream.</summary>
    private protected static float[]? IdentityBlocks(ParameterSpec parameter) => Zeroed(parameter, ".attn.proj.weight", 1) ?? Zeroed(parameter, ".mlp.fc2.weight", 1);

    private static float[]? Zeroed(ParameterSpec parameter, string suffix, double share)
    {
        if (!parameter.Name.EndsWith(suffix, StringComparison.Ordinal))
        {
            return null;
        }

        var values = Initialization.Values(parameter, new(28, 1, 4, new(32, 2, 2), new(16, 1, 2)), seed: 3);
        Array.Clear(values, 0, (int)Math.Round(values.Length * share));
        return values;
    }
}
