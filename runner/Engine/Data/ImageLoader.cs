using MaeLab.Domain.Recipes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Data;

/// <summary>Puts an image, by its number in its set, where it belongs in a batch.</summary>
/// <param name="result">[C, S, S]</param>
public delegate void ImageWriter(int index, Span<float> result);

/// <summary>Turns stored images into the model's input: augmented, resized, normalised. Not thread-safe.</summary>
public sealed class ImageLoader(Dataset dataset, int size)
{
    private readonly Resampler _resampler = new(dataset.Train.Size, size);
    private readonly float[] _plane = new float[size * size];

    /// <summary>Values of one image at the model's size.</summary>
    public int ImageValues { get; } = dataset.Channels * size * size;

    /// <summary>An image as it is, at the model's size.</summary>
    /// <param name="result">[C, S, S]</param>
    public void Plain(ImageSet set, int index, Span<float> result) => Write(set, index, new(0, 0, set.Size, set.Size), 0, 0, flip: false, result);

    /// <summary>A training image as MAE's linear probing augments it; the random numbers are those of its epoch and index.</summary>
    /// <param name="result">[C, S, S]</param>
    public void ForProbe(int index, long seed, long epoch, Span<float> result)
    {
        var set = dataset.Train;
        var part = ProbeCrop.Of(set.Size, set.Size, CounterRandom.Of(seed, RandomPurpose.Crop, epoch, index));
        Write(set, index, part, 0, 0, flip: CounterRandom.Of(seed, RandomPurpose.Flip, epoch, index).Unit(0) < 0.5, result);
    }

    /// <summary>Images as they are, at the model's size.</summary>
    /// <returns>[N, C, S, S]</returns>
    public Tensor Tensor(ImageSet set, IReadOnlyList<int> indices, Device device) =>
        Tensor(indices, device, (index, result) => Plain(set, index, result));

    /// <summary>Images as <paramref name="write"/> makes them.</summary>
    /// <returns>[N, C, S, S]</returns>
    public Tensor Tensor(IReadOnlyList<int> indices, Device device, ImageWriter write)
    {
        var values = new float[indices.Count * ImageValues];
        for (var n = 0; n < indices.Count; n++)
        {
            write(indices[n], values.AsSpan(n * ImageValues, ImageValues));
        }

        return tensor(values, [indices.Count, dataset.Channels, size, size], device: device);
    }

    /// <summary>A training image, augmented; the random numbers are those of its epoch and index.</summary>
    /// <param name="result">[C, S, S]</param>
    public void Augmented(int index, Augmentation augmentation, long seed, long epoch, Span<float> result)
    {
        var set = dataset.Train;
        var crop = CounterRandom.Of(seed, RandomPurpose.Crop, epoch, index);
        var flip = CounterRandom.Of(seed, RandomPurpose.Flip, epoch, index).Unit(0) < 0.5;
        switch (augmentation)
        {
            case Augmentation.None:
                Plain(set, index, result);
                break;
            case Augmentation.FixedCrop:
                // A crop of the padded image is the image shifted by up to the padding either way.
                var padding = size / 8;
                Write(set, index, new(0, 0, set.Size, set.Size),
                    crop.Below(0, (2 * padding) + 1) - padding, crop.Below(1, (2 * padding) + 1) - padding, flip, result);
                break;
            case Augmentation.RandomCrop:
                Write(set, index, RandomPart(set.Size, crop), 0, 0, flip, result);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(augmentation), augmentation, "Unknown augmentation.");
        }
    }

    /// <summary>Area 0.2 to 1 of the image, ratio 3/4 to 4/3 (log-uniform); after ten misfits the whole image, as in torchvision.</summary>
    private static Rectangle RandomPart(int imageSize, CounterRandom random)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var area = imageSize * imageSize * (0.2 + (0.8 * random.Unit(4 * attempt)));
            var ratio = Math.Exp(((2 * random.Unit((4 * attempt) + 1)) - 1) * Math.Log(4 / 3.0));
            int width = (int)Math.Round(Math.Sqrt(area * ratio)), height = (int)Math.Round(Math.Sqrt(area / ratio));
            if (width >= 1 && height >= 1 && width <= imageSize && height <= imageSize)
            {
                return new(random.Below((4 * attempt) + 2, imageSize - width + 1), random.Below((4 * attempt) + 3, imageSize - height + 1), width, height);
            }
        }

        return new(0, 0, imageSize, imageSize);
    }

    /// <summary>Resizes a part of the image, shifts it (black moves in), mirrors it and normalises it.</summary>
    private void Write(ImageSet set, int index, Rectangle part, int shiftX, int shiftY, bool flip, Span<float> result)
    {
        var image = set.Image(index);
        for (var channel = 0; channel < set.Channels; channel++)
        {
            var plane = image.Slice(channel * set.Size * set.Size, set.Size * set.Size);
            if (part.Width == size && part.Height == size)
            {
                // Only possible for the whole image when the sizes agree, or for a crop that needs no scaling.
                for (var y = 0; y < size; y++)
                {
                    for (var x = 0; x < size; x++)
                    {
                        _plane[(y * size) + x] = plane[((part.Top + y) * set.Size) + part.Left + x];
                    }
                }
            }
            else
            {
                _resampler.Resample(plane, part, _plane);
            }

            float scale = 1 / (255 * dataset.Deviation[channel]), offset = -dataset.Mean[channel] / dataset.Deviation[channel];
            var target = result.Slice(channel * size * size, size * size);
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++)
                {
                    int fromX = (flip ? size - 1 - x : x) + shiftX, fromY = y + shiftY;
                    var inside = (uint)fromX < (uint)size && (uint)fromY < (uint)size;
                    target[(y * size) + x] = offset + (inside ? scale * _plane[(fromY * size) + fromX] : 0);
                }
            }
        }
    }
}
