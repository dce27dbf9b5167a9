using MaeLab.Testing.Ring;

namespace MaeLab.System.Tests.Compose;

/// <summary>What the compose files and the Dockerfile promise, read from them: no Docker engine runs where the tests run.</summary>
public sealed class ComposeFileTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "compose");
    private static readonly Dictionary<string, string> s_variables = ComposeFile.ReadVariables(Path.Combine(s_folder, ".env.example"));
    private static readonly ComposeFile s_stack = ComposeFile.Read(Path.Combine(s_folder, "compose.yaml"), s_variables);
    private static readonly ImageFile s_images = ImageFile.Read(Path.Combine(s_folder, "Dockerfile"));

    private static IEnumerable<KeyValuePair<string, ComposeService>> Ours => s_stack.Services.Where(service => service.Value.Build is not null);

    [Fact]
    public void Stack_has_all_it_needs() =>
        Assert.Equal(
            ["broker-users", "migrate", "postgres", "rabbitmq", "runner", "scheduler", "web"],
            s_stack.Services.Where(service => service.Value.Profiles.Count == 0).Select(service => service.Key).Order());

    [Fact]
    public void Images_of_others_are_pinned_to_a_version() => Assert.All(
        [.. s_images.Stages.Select(stage => stage.From).Where(from => s_images.Stages.All(stage => stage.Name != from)),
            .. s_stack.Services.Values.Where(service => service.Build is null).Select(service => service.Image!)],
        image => Assert.Matches(@":v?\d+\.\d+(\.\d+)?[\w.-]*$", image));

    [Fact]
    public void Our_containers_run_as_no_root_on_a_file_system_they_cannot_change() => Assert.All(Ours, service =>
    {
        Assert.Equal("app", s_images.UserOf(service.Value.Build!.Target));
        Assert.True(service.Value.ReadOnly);
        Assert.Equal(["ALL"], service.Value.CapDrop);
        Assert.Equal(["no-new-privileges:true"], service.Value.SecurityOpt);
    });

    [Fact]
    public void Services_start_once_what_they_need_is_ready()
    {
        foreach (var name in new[] { "scheduler", "web", "runner" })
        {
            Assert.Equal(
                [("broker-users", "service_completed_successfully"), ("migrate", "service_completed_successfully")],
                s_stack.Services[name].DependsOn.Select(on => (on.Key, on.Value.Condition)).Order());
            Assert.Contains(s_images.LineOf(name), stage => stage.Steps.Exists(step => step.Word == "HEALTHCHECK"));
        }

        Assert.Equal("service_healthy", s_stack.Services["migrate"].DependsOn["postgres"].Condition);
        Assert.Equal("service_healthy", s_stack.Services["broker-users"].DependsOn["rabbitmq"].Condition);
        Assert.Contains("test", s_stack.Services["postgres"].Healthcheck.Keys);
        Assert.Contains("test", s_stack.Services["rabbitmq"].Healthcheck.Keys);
    }

    [Fact]
    public void Nothing_is_reachable_from_other_machines() =>
        Assert.Equal(
            ["127.0.0.1:16686:16686", "127.0.0.1:3000:3000", "127.0.0.1:8080:8080"],
            s_stack.Services.Values.SelectMany(service => service.Ports).Order(StringComparer.Ordinal));

    [Fact]
    public void Secrets_come_from_the_settings_alone()
    {
        var text = File.ReadAllText(Path.Combine(s_folder, "compose.yaml"));
        var secrets = s_variables.Where(variable => variable.Value == "change-me").Select(variable => variable.Key).ToList();

        Assert.DoesNotMatch("(?i)(password|token|pass)(: +|=)[^$]", text);
        Assert.Equal(11, secrets.Count);
        // Without its password no service starts.
        Assert.All(secrets, secret => Assert.Contains($"${{{secret}:?", text, StringComparison.Ordinal));
        Assert.Throws<InvalidOperationException>(() => ComposeFile.Read(Path.Combine(s_folder, "compose.yaml"), new Dictionary<string, string>()));
    }

    [Fact]
    public void Every_runner_has_a_folder_of_its_own_and_libtorch_a_layer_of_its_own()
    {
        // Without a name: every container of --scale gets another volume.
        Assert.Contains("/data", s_stack.Services["runner"].Volumes);
        Assert.Equal("/data", s_stack.Services["runner"].Environment["Runner__DataFolder"]);
        var copies = s_images.LineOf("runner").First().Steps.Where(step => step.Word == "COPY").Select(step => step.Text);
        Assert.Equal(["--from=build-runner /torch ./", "--from=build-runner /out ./"], copies);
    }

    [Fact]
    public void Gpu_runners_are_the_same_with_another_libtorch_and_a_gpu_each()
    {
        var gpus = ComposeFile.Read(Path.Combine(s_folder, "compose.gpu.yaml"), s_variables).Services;

        Assert.NotEmpty(gpus);
        Assert.All(gpus.Values, service =>
        {
            Assert.Equal(("compose.yaml", "runner"), (service.Extends?.File, service.Extends?.Service));
            Assert.NotEqual(s_stack.Services["runner"].Image, service.Image);
            Assert.Equal(("runner", "cuda"), (service.Build?.Target, service.Build?.Args["TORCH"]));
            var device = Assert.Single(service.Deploy!.Resources.Reservations.Devices);
            Assert.Equal("nvidia", device.Driver);
            Assert.Equal(["gpu"], device.Capabilities);
            Assert.Single(device.DeviceIds);
        });
        Assert.Distinct(gpus.Values.Select(service => service.Deploy!.Resources.Reservations.Devices[0].DeviceIds[0]));
        Assert.Distinct(gpus.Values.Select(service => service.Environment["Runner__Name"]));
        Assert.Contains("-p:Torch=${TORCH}", s_images.PublishCommandOf("runner"), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_set_what_their_programs_need_to_be_told()
    {
        Assert.Equal("1", s_images.EnvironmentOf("runner")["MALLOC_ARENA_MAX"]);
        Assert.All(["scheduler", "web", "runner"], target =>
        {
            var environment = s_images.EnvironmentOf(target);
            // 8080 is what web publishes and every health check asks.
            Assert.Equal($"8080;{environment["Telemetry__MetricsPort"]}", environment["ASPNETCORE_HTTP_PORTS"]);
        });
    }
}
