namespace MaeLab.Domain.Recipes;

/// <summary>The data sets that MaeLab knows by name. A runner may register more in its settings.</summary>
public static class Datasets
{
    /// <summary>The 10,000 test images of Fashion-MNIST, embedded in the runner: 8,000 to train on, 2,000 to probe with.</summary>
    public static DatasetInfo FashionMnistSample { get; } = new("fashion-mnist-sample", 1, 28, 10, 8_000, 2_000);

    public static DatasetInfo FashionMnist { get; } = new("fashion-mnist", 1, 28, 10, 60_000, 10_000);

    public static DatasetInfo Mnist { get; } = new("mnist", 1, 28, 10, 60_000, 10_000);

    public static DatasetInfo Cifar10 { get; } = new("cifar10", 3, 32, 10, 50_000, 10_000);

    public static DatasetInfo Cifar100 { get; } = new("cifar100", 3, 32, 100, 50_000, 10_000);

    public static IReadOnlyList<DatasetInfo> Known { get; } = [FashionMnistSample, FashionMnist, Mnist, Cifar10, Cifar100];
}
