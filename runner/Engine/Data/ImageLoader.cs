using System.Numerics;
using MaeLab.Domain.Recipes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Data;

/// <summary>Puts an image, by its number in its set, where it belongs in a batch.</summary>
/// <param name="result">[C, S, S]</param>
public delegate void ImageWriter(int index, Span<float> result);

/// <summary>Turns stored images into the model's input: augmented, resized, normalised. Not thread-safe.</summary>
public sealed class ImageLoader(Dataset dataset, int size)
{
    private readonly ImageDecoder _decoder = new();
    private readonly Resampler _resampler = new(size);
    private readonly float[] _planes = new float[dataset.Channels * size * size];

    /// <summary>Values of one image at the model's size.</summary>
    public int ImageValues { get; } = dataset.Channels * size * size;

    /// <summary>An image as it is, at the model's size.</summary>
    /// <param name="result">[C, S, S]</param>
    public void Plain(ImageSet set, int index, Span<float> result)
    {
        var image = set.Image(index, _decoder);
        Cut(image, Center(image));
        Place(0, 0, flip: false, result);
    }

    /// <summary>All images of a set as they are, in its order, made ahead by other threads.</summary>
    /// <returns>Batches whose plan is how many images they have.</returns>
    public BatchFeed<int> Feed(ImageSet set, int batchSize)
    {
        return new(BatchOrder.Straight(set.Count, batchSize), ImageValues, Writer, (_, images) => images.Count);

        EpochImageWriter Writer()
        {
            var own = new ImageLoader(dataset, size);
            return (image, _, result) => own.Plain(set, image, result);
        }
    }

    /// <summary>A training image as MAE's linear probing augments it; the random numbers are those of its epoch and index.</summary>
    /// <param name="result">[C, S, S]</param>
    public void ForProbe(int index, long seed, long epoch, Span<float> result)
    {
        var image = dataset.Train.Image(index, _decoder);
        Cut(image, ProbeCrop.Of(image.Width, image.Height, CounterRandom.Of(seed, RandomPurpose.Crop, epoch, index)));
        Place(0, 0, flip: CounterRandom.Of(seed, RandomPurpose.Flip, epoch, index).Unit(0) < 0.5, result);
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
        var image = dataset.Train.Image(index, _decoder);
        var crop = CounterRandom.Of(seed, RandomPurpose.Crop, epoch, index);
        var flip = CounterRandom.Of(seed, RandomPurpose.Flip, epoch, index).Unit(0) < 0.5;
        switch (augmentation)
        {
            case Augmentation.None:
                Cut(image, Center(image));
                Place(0, 0, flip: false, result);
                break;
            case Augmentation.FixedCrop:
                // A crop of the padded image is the image shifted by up to the padding either way.
                var padding = size / 8;
                Cut(image, Center(image));
                Place(crop.Below(0, (2 * padding) + 1) - padding, crop.Below(1, (2 * padding) + 1) - padding, flip, result);
                break;
            case Augmentation.RandomCrop:
                Cut(image, RandomPart(image.Width, image.Height, crop));
                Place(0, 0, flip, result);
                break;
            case Augmentation.RandomCropColorJitter:
                Cut(image, RandomPart(image.Width, image.Height, crop));
                Place(0, 0, flip, result);
                ColorJitter.Apply(result, dataset.Mean, dataset.Deviation, CounterRandom.Of(seed, RandomPurpose.ColorJitter, epoch, index));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(augmentation), augmentation, "Unknown augmentation.");
        }
    }

    /// <summary>What is shown of an image that is not augmented: see <see cref="Dataset.CenterShare"/>; all of it where it has the model's size.</summary>
    private Rectangle Center(StoredImage image)
    {
        if (image.Width == size && image.Height == size)
        {
            return new(0, 0, size, size);
        }

        var side = Math.Max(1, (int)Math.Round(dataset.CenterShare * Math.Min(image.Width, image.Height)));
        return new((image.Width - side) / 2, (image.Height - side) / 2, side, side);
    }

    /// <summary>
    /// Area 0.2 to 1 of the image, ratio 3/4 to 4/3 (log-uniform); after ten misfits the largest middle part of such a ratio, as in
    /// torchvision.
    /// </summary>
    private static Rectangle RandomPart(int imageWidth, int imageHeight, CounterRandom random)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var area = imageWidth * imageHeight * (0.2 + (0.8 * random.Unit(4 * attempt)));
            var ratio = Math.Exp(((2 * random.Unit((4 * attempt) + 1)) - 1) * Math.Log(4 / 3.0));
            int width = (int)Math.Round(Math.Sqrt(area * ratio)), height = (int)Math.Round(Math.Sqrt(area / ratio));
            if (width >= 1 && height >= 1 && width <= imageWidth && height <= imageHeight)
            {
                return new(random.Below((4 * attempt) + 2, imageWidth - width + 1), random.Below((4 * attempt) + 3, imageHeight - height + 1), width, height);
            }
        }

        int widest = Math.Min(imageWidth, (int)Math.Round(imageHeight * 4 / 3.0)), highest = Math.Min(imageHeight, (int)Math.Round(imageWidth * 4 / 3.0));
        return new((imageWidth - widest) / 2, (imageHeight - highest) / 2, widest, highest);
    }

    /// <summary>Brings a part of the image to the model's size.</summary>
    private void Cut(StoredImage image, Rectangle part)
    {
        var scales = part.Width != size || part.Height != size;
        if (scales)
        {
            _resampler.Aim(part);
        }

        for (var channel = 0; channel < dataset.Channels; channel++)
        {
            var plane = image.Plane(channel);
            var target = _planes.AsSpan(channel * size * size, size * size);
            if (scales)
            {
                _resampler.Resample(plane, image.Width, target);
                continue;
            }

            for (var y = 0; y < size; y++)
            {
                var source = plane.Slice(((part.Top + y) * image.Width) + part.Left, size);
                var row = target.Slice(y * size, size);
                for (var x = 0; x < source.Length; x++)
                {
                    row[x] = source[x];
                }
            }
        }
    }

    /// <summary>Shifts what was cut out (black moves in), mirrors it and normalises it.</summary>
    private void Place(int shiftX, int shiftY, bool flip, Span<float> result)
    {
        // Columns of the result that lie inside when it is not mirrored.
        int from = Math.Max(0, -shiftX), count = size - Math.Abs(shiftX);
        for (var channel = 0; channel < dataset.Channels; channel++)
        {
            float scale = 1 / (255 * dataset.Deviation[channel]), offset = -dataset.Mean[channel] / dataset.Deviation[channel];
            var plane = _planes.AsSpan(channel * size * size, size * size);
            for (var y = 0; y < size; y++)
            {
                var row = result.Slice((channel * size * size) + (y * size), size);
                var sourceY = y + shiftY;
                if (sourceY < 0 || sourceY >= size)
                {
                    row.Fill(offset);
                    continue;
                }

                row[..from].Fill(offset);
                Normalize(plane.Slice((sourceY * size) + from + shiftX, count), scale, offset, row.Slice(from, count));
                row[(from + count)..].Fill(offset);
                if (flip)
                {
                    row.Reverse();
                }
            }
        }
    }

    private static void Normalize(ReadOnlySpan<float> pixels, float scale, float offset, Span<float> result)
    {
        var x = 0;
        for (; x <= pixels.Length - Vector<float>.Count; x += Vector<float>.Count)
        {
            (new Vector<float>(offset) + (scale * new Vector<float>(pixels[x..]))).CopyTo(result[x..]);
        }

        for (; x < pixels.Length; x++)
        {
            result[x] = offset + (scale * pixels[x]);
        }
    }
}
