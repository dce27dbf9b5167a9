using System.Security.Cryptography;
using System.Text;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Data;

/// <summary>
/// The image files of one part of an ImageFolder, <c>folder/CLASS/IMAGE</c>: the first image of every class, then the second of
/// every class and so on, so that the first n of them are a fair sample. Within a class in the ordinal order of the names.
/// </summary>
internal sealed class ImageFiles
{
    private static readonly string[] s_extensions = [".jpg", ".jpeg", ".png", ".webp"];
    private readonly string _folder;
    private readonly string[] _classes;
    private readonly ReadOnlyMemory<string> _names;

    private ImageFiles(string folder, string[] classes, ReadOnlyMemory<string> names, ReadOnlyMemory<int> labels) =>
        (_folder, _classes, _names, Labels) = (folder, classes, names, labels);

    public static string Extensions => string.Join(", ", s_extensions);

    public int Count => Labels.Length;

    /// <summary>[Count] Position of an image's class among the classes.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    public string Path(int index) => System.IO.Path.Combine(_folder, _classes[Labels.Span[index]], _names.Span[index]);

    /// <exception cref="TrainingFailedException">Bad data: it is gone.</exception>
    public FileInfo File(int index)
    {
        var file = new FileInfo(Path(index));
        return file.Exists ? file : throw new TrainingFailedException(ReasonCode.BadData, $"{file.FullName}: missing; it was there when the folder was listed.");
    }

    public ImageFiles Slice(int first, int count) => new(_folder, _classes, _names.Slice(first, count), Labels.Slice(first, count));

    /// <summary>Adds every image's class, name and length, the same wherever the folder lies and whenever it was copied.</summary>
    /// <exception cref="TrainingFailedException">Bad data: an image is gone.</exception>
    public void AddTo(IncrementalHash hash)
    {
        for (var index = 0; index < Count; index++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{_classes[Labels.Span[index]]}/{_names.Span[index]} {File(index).Length}\n"));
        }
    }

    /// <summary>Reads names only, no image.</summary>
    /// <param name="classes">Names of the classes' folders; one that is not there has no images.</param>
    /// <exception cref="TrainingFailedException">Bad data: a class folder without images, a link that leads nowhere or out.</exception>
    public static ImageFiles List(string folder, string[] classes, FolderLinks links)
    {
        var ofClass = classes.Select(name => Names(System.IO.Path.Combine(folder, name), links)).ToArray();
        var count = ofClass.Sum(names => names.Length);
        var (all, labels, next) = (new string[count], new int[count], 0);
        for (var round = 0; next < count; round++)
        {
            for (var label = 0; label < classes.Length; label++)
            {
                if (round < ofClass[label].Length)
                {
                    (all[next], labels[next++]) = (ofClass[label][round], label);
                }
            }
        }

        return new(folder, classes, all, labels);
    }

    /// <summary>Folders of classes in ordinal order; hidden ones are none.</summary>
    /// <exception cref="TrainingFailedException">Bad data: a link that leads nowhere or out.</exception>
    public static string[] Classes(string folder, FolderLinks links) =>
        [.. Visible(new DirectoryInfo(folder).EnumerateDirectories(), links).Order(StringComparer.Ordinal)];

    private static string[] Names(string folder, FolderLinks links)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var images = new DirectoryInfo(folder).EnumerateFiles().Where(file => s_extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase));
        string[] names = [.. Visible(images, links).Order(StringComparer.Ordinal)];
        return names.Length > 0 ? names : throw new TrainingFailedException(
            ReasonCode.BadData, $"{folder}: this class has no images ({Extensions}); add some or remove its folder.");
    }

    private static IEnumerable<string> Visible(IEnumerable<FileSystemInfo> entries, FolderLinks links)
    {
        foreach (var entry in entries.Where(entry => !entry.Name.StartsWith('.')))
        {
            links.Check(entry);
            yield return entry.Name;
        }
    }
}
