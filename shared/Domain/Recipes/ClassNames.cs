using System.Globalization;

namespace MaeLab.Domain.Recipes;

/// <summary>The classes of the data sets that MaeLab knows, by label.</summary>
public static class ClassNames
{
    private static readonly string[] s_fashion = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];
    private static readonly string[] s_cifar10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
    private static readonly string[] s_cifar100 =
    [
        "apple", "aquarium fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle", "bowl", "boy", "bridge", "bus", "butterfly",
        "camel", "can", "castle", "caterpillar", "cattle", "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup",
        "dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn mower",
        "leopard", "lion", "lizard", "lobster", "man", "maple tree", "motorcycle", "mountain", "mouse", "mushroom", "oak tree", "orange", "orchid",
        "otter", "palm tree", "pear", "pickup truck", "pine tree", "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray",
        "road", "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider", "squirrel", "streetcar",
        "sunflower", "sweet pepper", "table", "tank", "telephone", "television", "tiger", "tractor", "train", "trout", "tulip", "turtle", "wardrobe",
        "whale", "willow tree", "wolf", "woman", "worm",
    ];

    private static readonly string[] s_digits = [.. Enumerable.Range(0, 10).Select(digit => digit.ToString(CultureInfo.InvariantCulture))];

    /// <returns>Null where they are not known.</returns>
    public static IReadOnlyList<string>? Of(string dataset) =>
        dataset == Datasets.FashionMnist.Name || dataset == Datasets.FashionMnistSample.Name ? s_fashion
        : dataset == Datasets.Cifar10.Name ? s_cifar10
        : dataset == Datasets.Cifar100.Name ? s_cifar100
        : dataset == Datasets.Mnist.Name ? s_digits
        : null;
}
