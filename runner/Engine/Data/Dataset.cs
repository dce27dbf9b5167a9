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

    public void Dispose()
    {
        Train.Dispose();
        Probe.Dispose();
    }
}
