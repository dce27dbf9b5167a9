namespace MaeLab.Engine.Data;

/// <summary>
/// RandAugment (Cubuk et al. 2020) as MAE's fine-tuning has it, timm's <c>rand-m9-mstd0.5-inc1</c>: two operations drawn from fifteen, each
/// carried out at even chances and at a magnitude drawn about a given one, on pixels as bytes. Not thread-safe.
/// </summary>
/// <param name="magnitude">0 to 10.</param>
/// <param name="mean">Per channel, of pixels in [0, 1]: what is moved in from outside the image has this colour.</param>
/// <param name="deviation">Per channel; with <paramref name="mean"/> it normalises the images.</param>
/// <param name="size">S</param>
public sealed class RandAugment(double magnitude, float[] mean, float[] deviation, int size)
{
    public const double MaxMagnitude = 10;

    private const int Operations = 2;
    private const double Probability = 0.5;
    private const double MagnitudeDeviation = 0.5;

    /// <summary>Numbers of the image's stream that belong to one operation.</summary>
    private const int Draws = 8;

    private static readonly RandAugmentOperation[] s_operations = Enum.GetValues<RandAugmentOperation>();

    private readonly byte[] _pixels = new byte[mean.Length * size * size];
    private readonly byte[] _scratch = new byte[mean.Length * size * size];
    private readonly byte[] _fill = [.. mean.Select(value => (byte)Math.Round(255 * value))];

    /// <param name="image">[C, S, S], normalised; changed in place.</param>
    /// <param name="random">The image's own stream.</param>
    public void Apply(Span<float> image, CounterRandom random)
    {
        var plane = size * size;
        for (var n = 0; n < image.Length; n++)
        {
            _pixels[n] = (byte)Math.Round(Math.Clamp(255 * ((image[n] * deviation[n / plane]) + mean[n / plane]), 0, 255));
        }

        for (var n = 0; n < Operations; n++)
        {
            var first = n * Draws;
            if (random.Unit(first) < Probability)
            {
                var operation = s_operations[random.Below(first + 1, s_operations.Length)];
                var sign = random.Unit(first + 2) < 0.5 ? -1 : 1;
                // The normal number takes the stream's numbers first + 4 and first + 5.
                var drawn = Math.Clamp(magnitude + (MagnitudeDeviation * random.Normal((first / 2) + 2)), 0, MaxMagnitude);
                Perform(operation, drawn, sign, new(_pixels, mean.Length, size), _fill, _scratch);
            }
        }

        for (var n = 0; n < image.Length; n++)
        {
            image[n] = ((_pixels[n] / 255f) - mean[n / plane]) / deviation[n / plane];
        }
    }

    /// <summary>One operation, at timm's strength for a magnitude; the whole-numbered ones are cut to the number below, as there.</summary>
    /// <param name="magnitude">0 to 10.</param>
    /// <param name="sign">-1 or 1: for the operations that go either way.</param>
    /// <param name="fill">[C]</param>
    /// <param name="scratch">[C, S, S], to be written over.</param>
    public static void Perform(RandAugmentOperation operation, double magnitude, int sign, ByteImage image, ReadOnlySpan<byte> fill, Span<byte> scratch)
    {
        var share = magnitude / MaxMagnitude;
        var factor = (float)(1 + (sign * 0.9 * share));
        switch (operation)
        {
            case RandAugmentOperation.AutoContrast:
                PixelTables.AutoContrast(image);
                break;
            case RandAugmentOperation.Equalize:
                PixelTables.Equalize(image);
                break;
            case RandAugmentOperation.Invert:
                PixelTables.Invert(image);
                break;
            case RandAugmentOperation.Rotate:
                AffineMap.Rotate(sign * 30 * share, image.Size).Apply(image, fill, scratch);
                break;
            case RandAugmentOperation.Posterize:
                PixelTables.Posterize(image, bits: 4 - (int)(share * 4));
                break;
            case RandAugmentOperation.Solarize:
                PixelTables.Solarize(image, threshold: 256 - (int)(share * 256));
                break;
            case RandAugmentOperation.SolarizeAdd:
                PixelTables.SolarizeAdd(image, (int)(share * 110));
                break;
            case RandAugmentOperation.Color:
                PixelBlends.Color(image, factor);
                break;
            case RandAugmentOperation.Contrast:
                PixelBlends.Contrast(image, factor);
                break;
            case RandAugmentOperation.Brightness:
                PixelBlends.Brightness(image, factor);
                break;
            case RandAugmentOperation.Sharpness:
                PixelBlends.Sharpness(image, factor, scratch);
                break;
            case RandAugmentOperation.ShearX:
                AffineMap.ShearX(sign * 0.3 * share).Apply(image, fill, scratch);
                break;
            case RandAugmentOperation.ShearY:
                AffineMap.ShearY(sign * 0.3 * share).Apply(image, fill, scratch);
                break;
            case RandAugmentOperation.TranslateX:
                AffineMap.TranslateX(sign * 0.45 * share * image.Size).Apply(image, fill, scratch);
                break;
            case RandAugmentOperation.TranslateY:
                AffineMap.TranslateY(sign * 0.45 * share * image.Size).Apply(image, fill, scratch);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "Unknown operation.");
        }
    }
}
