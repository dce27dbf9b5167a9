using MaeLab.Hosting;
using MaeLab.Hosting.Bus;
using MaeLab.Runner;
using MaeLab.Scheduler;
using MaeLab.Testing.Ring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Messaging.Tests.Hosting;

/// <summary>Wrong settings are all said at once, each with its key.</summary>
public sealed class CheckedOptionsTests
{
    [Fact]
    public void Every_wrong_setting_of_every_section_is_listed_with_its_key()
    {
        var problems = Problems(new()
        {
            ["Bus:Uri"] = "localhost",
            ["Storage:ConnectionString"] = "",
            ["Runner:Slots"] = "0",
            ["Runner:Threads"] = "-1",
            ["Runner:DataFolders:mine"] = "/no/such/folder",
            ["Scheduler:Lease"] = "00:00:00",
        });

        string[] expected =
            ["Bus:Uri", "Runner:DataFolders:mine", "Runner:Slots", "Runner:Threads", "Scheduler:Lease", "Storage:ConnectionString"];
        Assert.Equal(expected, problems.Select(problem => string.Join(':', problem.Split(':', ' ')[..(problem.Contains("DataFolders", StringComparison.Ordinal) ? 3 : 2)])).Order());
    }

    [Theory]
    [InlineData("Runner:Slotz", "2", "Slotz")]
    [InlineData("Runner:Slots", "many", "Runner:Slots")]
    [InlineData("Bus:Transport", "pigeon", "Bus:Transport")]
    [InlineData("Storage:ConectionString", "Host=localhost", "ConectionString")]
    public void Unknown_key_or_value_of_the_wrong_type_is_named(string key, string value, string named)
    {
        var problem = Assert.Single(Problems(new() { [key] = value, ["Storage:ConnectionString"] = "Host=localhost;Database=maelab" }));

        Assert.Contains(named, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_of_the_broker_is_not_repeated_since_it_may_hold_a_password()
    {
        var problem = Assert.Single(Problems(new() { ["Bus:Uri"] = "ampq://me:secret@broker/", ["Storage:ConnectionString"] = "Host=localhost;Database=maelab" }));

        Assert.StartsWith("Bus:Uri: is not the address", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mq1,mq2:5673, mq3", null)]
    [InlineData("me:secret@mq1,mq2", "Bus:Nodes")]
    [InlineData("mq1;mq2", "Bus:Nodes")]
    public void Nodes_of_a_cluster_are_names_with_or_without_ports_and_never_repeated(string nodes, string? named)
    {
        var problems = Problems(new() { ["Bus:Nodes"] = nodes, ["Storage:ConnectionString"] = "Host=localhost;Database=maelab" });

        Assert.Equal(named, problems.SingleOrDefault()?.Split(": ")[0]);
        Assert.DoesNotContain("secret", string.Concat(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_on_the_page_about_more_than_one_machine_are_understood()
    {
        var lines = File.ReadLines(Path.Combine(Repository.Root, "compose", "scaling.md")).Where(line => line.StartsWith("    ", StringComparison.Ordinal) && line.Contains("__", StringComparison.Ordinal));
        var settings = lines.Select(line => line.Trim().Split('=', 2)).ToDictionary(setting => setting[0].Replace("__", ":", StringComparison.Ordinal), string? (setting) => setting[1]);

        Assert.Equal(["Bus:Nodes", "Bus:Uri", "Storage:ConnectionString"], settings.Keys.Order());
        Assert.Empty(Problems(settings));
    }

    [Fact]
    public void Defaults_need_only_a_database() =>
        Assert.Empty(Problems(new() { ["Storage:ConnectionString"] = "Host=localhost;Database=maelab" }));

    private static IReadOnlyList<string> Problems(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddMaeLabScheduler(configuration);
        services.AddMaeLabRunner(configuration);
        services.AddMaeLabBus(configuration);
        using var provider = services.BuildServiceProvider();
        return ServiceHost.SettingsProblems(provider);
    }
}
