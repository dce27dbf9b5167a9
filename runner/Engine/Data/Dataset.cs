using System.Security.Cryptography;

namespace MaeLab.Engine.Data;

/// <summary>A data set as the engine uses it.</summary>
/// <param name="Probe">Held-out images, never trained on.</param>
/// <param name="Mean">Per channel, of pixels in [0, 1]; with <paramref name="Deviation"/> it normalises the model's input.</param>
/// <param name="CenterShare">
/// What an image shows when it is not augmented: the square in its middle, of this share of its shorter side. 1 for sets of square
/// images, which are shown whole; 224/256 for photographs, as MAE's evaluation does it.
/// </param>
public sealed record Dataset(
    string Name, int Classes, ImageSet Train, ImageSet Probe, float[] Mean, float[] Deviation, double CenterShare = 1) : IDisposable
{
    public int Channels => Train.Channels;

    /// <summary>By label; null where they are known by number only.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; } = Domain.Recipes.ClassNames.Of(Name);

    /// <summary>
    /// The same for the same images, whatever machine they are on; another one where images or labels differ that go by this name elsewhere,
    /// or did before. (Of images in files of their own by names and lengths: it takes a second for a hundred thousand of them.)
    /// </summary>
    /// <returns>Lower-case hex.</returns>
    /// <exception cref="Training.TrainingFailedException">Bad data: an image is gone.</exception>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Train.AddTo(hash);
        Probe.AddTo(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        Train.Dispose();
        Probe.Dispose();
    }
}
