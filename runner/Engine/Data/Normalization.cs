using MaeLab.Domain.Recipes;

namespace MaeLab.Engine.Data;

/// <summary>Mean and standard deviation of the training images' pixels in [0, 1], per channel, as they are commonly quoted.</summary>
public static class Normalization
{
    /// <summary>For photographs.</summary>
    public static (float[] Mean, float[] Deviation) ImageNet => ([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    public static (float[] Mean, float[] Deviation) Of(string dataset) => dataset switch
    {
        _ when dataset == Datasets.FashionMnistSample.Name || dataset == Datasets.FashionMnist.Name => ([0.2860f], [0.3530f]),
        _ when dataset == Datasets.Mnist.Name => ([0.1307f], [0.3081f]),
        _ when dataset == Datasets.Cifar10.Name => ([0.4914f, 0.4822f, 0.4465f], [0.2470f, 0.2435f, 0.2616f]),
        _ when dataset == Datasets.Cifar100.Name => ([0.5071f, 0.4865f, 0.4409f], [0.2673f, 0.2564f, 0.2762f]),
        _ => throw new ArgumentOutOfRangeException(nameof(dataset), dataset, "No normalisation is known for this data set."),
    };
}
