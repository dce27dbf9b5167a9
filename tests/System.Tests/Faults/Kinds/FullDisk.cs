namespace MaeLab.System.Tests.Faults.Kinds;

/// <summary>Not a byte is left on the disk of the runner's folder.</summary>
internal sealed class FullDisk(SmallDisk disk) : IFault
{
    private readonly string _filler = Path.Combine(disk.Folder, "filler");

    public string Name => "full disk";

    public Task BeginAsync()
    {
        using var file = new FileStream(_filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // That was the last byte.
            return Task.CompletedTask;
        }
    }

    public Task EndAsync()
    {
        File.Delete(_filler);
        return Task.CompletedTask;
    }
}
