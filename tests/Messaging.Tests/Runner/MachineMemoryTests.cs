using MaeLab.Runner.Machine;

namespace MaeLab.Messaging.Tests.Runner;

public sealed class MachineMemoryTests : IDisposable
{
    private const long Machine = 24_683_652L * 1024;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("maelab-root-");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData(null, "", Machine)]
    [InlineData("sys/fs/cgroup/memory.max", "max\n", Machine)]
    [InlineData("sys/fs/cgroup/memory.max", "8589934592\n", 8_589_934_592)]
    [InlineData("sys/fs/cgroup/memory/memory.limit_in_bytes", "8589934592\n", 8_589_934_592)]
    // What version 1 says where there is no limit.
    [InlineData("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n", Machine)]
    public void Container_has_all_of_its_limit_and_without_one_the_machines_memory(string? file, string content, long expected)
    {
        Write("proc/meminfo", "MemTotal:       24683652 kB\nMemFree:        21036300 kB\n");
        if (file is not null)
        {
            Write(file, content);
        }

        Assert.Equal(expected, MachineMemory.Total(_root.FullName));
    }

    [Fact]
    public void System_that_does_not_say_is_asked_by_the_runtime() => Assert.InRange(MachineMemory.Total(_root.FullName), 1, long.MaxValue - 1);

    private void Write(string path, string content)
    {
        var file = new FileInfo(Path.Combine(_root.FullName, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, content);
    }
}
