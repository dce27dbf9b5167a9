namespace MaeLab.Runner.Downloads;

/// <summary>Gets a known data set into a folder from which the engine reads it.</summary>
/// <param name="say">Is told what is done, a line each.</param>
internal sealed class DatasetDownloader(ResumableDownload download, Action<string> say)
{
    /// <exception cref="DownloadFailedException">See <see cref="ResumableDownload"/> and <see cref="Archive"/>.</exception>
    public async Task RunAsync(DatasetDownload dataset, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in dataset.Files)
        {
            var path = Path.Combine(folder, file.Name);
            if (file.Unpack is { } wanted && wanted.All(name => File.Exists(Path.Combine(folder, name))))
            {
                say($"{file.Name}: unpacked already");
                continue;
            }

            if (File.Exists(path) && await ResumableDownload.Md5Async(path, cancellationToken) == file.Md5)
            {
                say($"{file.Name}: there already");
            }
            else
            {
                var address = new Uri(dataset.Address, file.Name);
                say($"{file.Name}: from {address}");
                await download.RunAsync(address, path, file.Md5, cancellationToken);
            }

            if (file.Unpack is { } names)
            {
                say($"{file.Name}: unpacking {names.Count} files");
                await Archive.UnpackAsync(path, folder, names, cancellationToken);
                File.Delete(path);
            }
        }
    }
}
