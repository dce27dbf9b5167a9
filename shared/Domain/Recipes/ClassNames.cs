using System.Globalization;

namespace MaeLab.Domain.Recipes;

/// <summary>The classes of the data sets that MaeLab knows, by label.</summary>
public static class ClassNames
{
    private static readonly string[] s_fashion = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];
    private static readonly string[] s_cifar10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
    private static readonly string[] s_digits = [.. Enumerable.Range(0, 10).Select(digit => digit.ToString(CultureInfo.InvariantCulture))];

    /// <returns>Null where they are not known.</returns>
    public static IReadOnlyList<string>? Of(string dataset) =>
        dataset == Datasets.FashionMnist.Name || dataset == Datasets.FashionMnistSample.Name ? s_fashion
        : dataset == Datasets.Cifar10.Name ? s_cifar10
        : dataset == Datasets.Mnist.Name ? s_digits
        : null;
}
