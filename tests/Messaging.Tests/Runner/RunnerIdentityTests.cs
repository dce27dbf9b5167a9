using Microsoft.Extensions.Options;

namespace MaeLab.Messaging.Tests.Runner;

public sealed class RunnerIdentityTests
{
    [Fact]
    public void Runner_keeps_over_its_lives_its_id_and_what_it_could_not_finish()
    {
        using var folder = new RunnerFolder();
        Guid id;
        using (var first = folder.Open())
        {
            id = first.Id;
            File.WriteAllText(Path.Combine(first.WorkFolder, "half-way"), "");
        }

        using var second = folder.Open();

        Assert.Equal(id, second.Id);
        Assert.Single(Directory.EnumerateFileSystemEntries(second.WorkFolder));
    }

    [Fact]
    public void Second_process_on_the_same_folder_is_refused_with_the_setting_to_change()
    {
        using var folder = new RunnerFolder();
        using var first = folder.Open();

        var problem = Assert.Single(Assert.Throws<OptionsValidationException>(folder.Open).Failures);

        Assert.StartsWith("Runner:DataFolder: ", problem, StringComparison.Ordinal);
    }
}
