using System.Text.Json.Nodes;
using MaeLab.Testing.Ring;
using YamlDotNet.RepresentationModel;

namespace MaeLab.System.Tests.Compose;

/// <summary>The profile <c>observability</c>, read from its files; that its queries ask for metrics there are is a test of <c>Observability</c>.</summary>
public sealed class ObservabilityFileTests
{
    private static readonly string s_compose = Path.Combine(Repository.Root, "compose");
    private static readonly string s_folder = Path.Combine(s_compose, "observability");
    private static readonly ComposeFile s_stack = ComposeFile.Read(
        Path.Combine(s_compose, "compose.yaml"), ComposeFile.ReadVariables(Path.Combine(s_compose, ".env.example")));

    [Fact]
    public void Profile_is_of_containers_that_are_no_root_and_can_change_their_volumes_alone()
    {
        var profile = s_stack.Services.Where(service => service.Value.Profiles.Contains("observability")).ToDictionary();

        Assert.Equal(["grafana", "jaeger", "prometheus"], profile.Keys.Order());
        Assert.All(profile.Values, service =>
        {
            Assert.Matches("^[1-9][0-9]*:", service.User);
            Assert.True(service.ReadOnly);
            Assert.Equal(["ALL"], service.CapDrop);
            Assert.Equal(["no-new-privileges:true"], service.SecurityOpt);
            Assert.All(service.Volumes.Where(volume => volume.StartsWith('.')), volume =>
            {
                Assert.EndsWith(":ro", volume, StringComparison.Ordinal);
                Assert.True(File.Exists(Path.Combine(s_compose, volume.Split(':')[0])), volume);
            });
        });
    }

    [Fact]
    public void Prometheus_asks_every_service_on_the_port_where_its_image_answers()
    {
        var image = string.Join('\n', ImageFile.Read(Path.Combine(s_compose, "Dockerfile")).Stages.SelectMany(stage => stage.Steps).Select(step => step.Text));
        var jobs = ((YamlSequenceNode)Read("prometheus.yml")["scrape_configs"]).Select(job => job["dns_sd_configs"][0]).ToList();

        var names = jobs.SelectMany(job => (YamlSequenceNode)job["names"]).Select(name => name.ToString()).ToHashSet();
        Assert.Equal(["runner", "scheduler", "web"], names.Order());
        // Copied for another GPU a service has another name; this one goes along.
        Assert.All(
            ComposeFile.Read(Path.Combine(s_compose, "compose.gpu.yaml"), new Dictionary<string, string>()).Services.Values,
            runner => Assert.Contains("runner", runner.Networks["default"].Aliases));
        Assert.All(jobs, job =>
        {
            Assert.Contains($"Telemetry__MetricsPort={job["port"]}", image, StringComparison.Ordinal);
            Assert.Contains($"ASPNETCORE_HTTP_PORTS=\"8080;{job["port"]}\"", image, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Grafana_shows_what_Prometheus_of_the_stack_has_kept()
    {
        var sources = ((YamlSequenceNode)Read("datasources.yaml")["datasources"]).ToDictionary(source => source["uid"].ToString());
        Assert.All(sources.Values, source => Assert.Contains(new Uri(source["url"].ToString()).Host, s_stack.Services.Keys));

        var panels = JsonNode.Parse(File.ReadAllText(Path.Combine(s_folder, "maelab.json")))!["panels"]!.AsArray();
        Assert.NotEmpty(panels);
        Assert.All(panels, panel => Assert.Contains((string)panel!["datasource"]!["uid"]!, sources.Keys));
        Assert.All(["scheduler", "web", "runner"], name => Assert.Equal("", s_stack.Services[name].Environment["OTEL_EXPORTER_OTLP_ENDPOINT"]));
    }

    private static YamlNode Read(string file)
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Path.Combine(s_folder, file));
        yaml.Load(reader);
        return yaml.Documents[0].RootNode;
    }
}
