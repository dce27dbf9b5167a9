using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;

namespace MaeLab.Runner.Downloads;

/// <param name="Md5">Lower-case hex, as published with the file.</param>
/// <param name="Unpack">An archive (.tar.gz) of which these files are taken; null: the file itself is wanted.</param>
internal sealed record DownloadFile(string Name, string Md5, IReadOnlyList<string>? Unpack = null);

/// <summary>Where a known data set comes from.</summary>
/// <param name="Address">Its files' addresses begin with this.</param>
internal sealed record DatasetDownload(string Name, Uri Address, IReadOnlyList<DownloadFile> Files)
{
    /// <summary>
    /// MD5 as in torchvision's datasets/mnist.py (MNIST from the mirror that it uses, Fashion-MNIST as in the README of
    /// zalandoresearch/fashion-mnist) and on https://www.cs.toronto.edu/~kriz/cifar.html.
    /// </summary>
    public static IReadOnlyList<DatasetDownload> All { get; } =
    [
        new(Datasets.Mnist.Name, new("https://ossci-datasets.s3.amazonaws.com/mnist/"), Idx(
            "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432", "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c")),
        new(Datasets.FashionMnist.Name, new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"), Idx(
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe", "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310")),
        Cifar(Datasets.Cifar10, "cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530"),
        Cifar(Datasets.Cifar100, "cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8"),
    ];

    private static DownloadFile[] Idx(string trainImages, string trainLabels, string testImages, string testLabels) =>
    [
        .. DatasetFiles.Names(Datasets.Mnist).Zip([trainImages, trainLabels, testImages, testLabels], (name, md5) => new DownloadFile($"{name}.gz", md5)),
    ];

    private static DatasetDownload Cifar(DatasetInfo info, string archive, string md5) =>
        new(info.Name, new("https://www.cs.toronto.edu/~kriz/"), [new(archive, md5, DatasetFiles.Names(info))]);
}
