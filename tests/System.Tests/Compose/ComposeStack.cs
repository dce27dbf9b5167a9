using System.Diagnostics;
using System.Globalization;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;
using Npgsql;

namespace MaeLab.System.Tests.Compose;

/// <summary>
/// compose.yaml without containers: what its images would publish, started with its commands, environment, database roles and
/// broker users, in its order; without root and capabilities where the tests have them to give up. Only addresses are others.
/// </summary>
internal sealed class ComposeStack : IAsyncDisposable
{
    private static readonly string s_compose = Path.Combine(Repository.Root, "compose");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-compose-");
    private readonly ImageFile _images = ImageFile.Read(Path.Combine(s_compose, "Dockerfile"));
    private readonly TestDatabase _database;
    private readonly TestVirtualHost _broker;
    private readonly List<ServiceProcess> _services = [];
    private readonly List<Uri> _metrics = [];
    private readonly Dictionary<string, string> _published = [];
    private ComposeFile _file = null!;

    private ComposeStack(TestDatabase database, TestVirtualHost broker) => (_database, _broker) = (database, broker);

    public Dictionary<string, string> Variables { get; private set; } = [];

    /// <summary>The first administrator, signed in.</summary>
    public Door Door { get; private set; } = null!;

    public HttpClient Http { get; private set; } = new();

    /// <summary>Where each service tells its metrics, and where it answers everything else.</summary>
    public IReadOnlyList<(Uri Metrics, Uri Service)> Addresses => [.. _services.Select((service, index) => (_metrics[index], service.Address))];

    public string Output => string.Join(Environment.NewLine, _services.Select(service => service.Output));

    public static async Task<ComposeStack> StartAsync(PostgresServer databases, RabbitMqServer brokers, CancellationToken cancellationToken)
    {
        var stack = new ComposeStack(await databases.CreateEmptyDatabaseAsync(cancellationToken), await brokers.CreateVirtualHostAsync(cancellationToken));
        try
        {
            await stack.SetUpAsync(cancellationToken);
            await stack.RunJobsAsync(cancellationToken);
            await stack.StartServicesAsync(cancellationToken);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>The database as a service sees it.</summary>
    public NpgsqlConnection Connect(string service) => new(HereFor(_file.Services[service].Environment["Storage__ConnectionString"]));

    /// <summary>The broker as a service sees it.</summary>
    public Uri BrokerOf(string service) => new(HereFor(_file.Services[service].Environment["Bus__Uri"]));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var service in _services)
        {
            await service.StopAsync();
            await service.DisposeAsync();
        }

        await _broker.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>compose/setup, on a copy of the folder.</summary>
    private async Task SetUpAsync(CancellationToken cancellationToken)
    {
        foreach (var file in new[] { "setup", ".env.example" })
        {
            File.Copy(Path.Combine(s_compose, file), Path.Combine(_folder.FullName, file));
        }

        await RunAsync("bash", ["setup"], [], cancellationToken);
        Variables = ComposeFile.ReadVariables(Path.Combine(_folder.FullName, ".env"));
        _file = ComposeFile.Read(Path.Combine(s_compose, "compose.yaml"), Variables);
        // The services are other users.
        Permissions.LetAllRead(_folder.FullName);

        // As the image of PostgreSQL does with POSTGRES_USER.
        var owner = _file.Services["postgres"].Environment;
        await using var connection = new NpgsqlConnection(_database.Options.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var create = new NpgsqlCommand(
            $"DROP ROLE IF EXISTS {owner["POSTGRES_USER"]}; CREATE ROLE {owner["POSTGRES_USER"]} SUPERUSER LOGIN PASSWORD '{owner["POSTGRES_PASSWORD"]}'", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task RunJobsAsync(CancellationToken cancellationToken)
    {
        var users = new Dictionary<string, string>(_file.Services["broker-users"].Environment)
        {
            ["BROKER"] = _broker.Management.GetLeftPart(UriPartial.Authority),
            ["VHOST"] = _broker.Name,
            ["ADMIN_USER"] = _broker.Address.UserInfo.Split(':')[0],
            ["ADMIN_PASSWORD"] = _broker.Address.UserInfo.Split(':')[1],
        };
        await RunAsync("sh", [Path.Combine(s_compose, "rabbitmq", "users.sh")], users, cancellationToken);

        var migrate = _file.Services["migrate"];
        await RunAsync("dotnet", [await PublishAsync(migrate, cancellationToken), .. migrate.Command], EnvironmentOf(migrate, "migrate"), cancellationToken);
    }

    private async Task StartServicesAsync(CancellationToken cancellationToken)
    {
        var port = FreePorts.Find(6);
        foreach (var name in new[] { "scheduler", "web", "runner" })
        {
            var service = _file.Services[name];
            var program = await PublishAsync(service, cancellationToken);
            var (own, metrics) = (port++, port++);
            var environment = EnvironmentOf(service, name);
            // The image's two ports, ours in their place; ServiceProcess's way to say an address is not the image's.
            environment["ASPNETCORE_URLS"] = "";
            environment["ASPNETCORE_HTTP_PORTS"] = string.Create(CultureInfo.InvariantCulture, $"{own};{metrics}");
            environment["Telemetry__MetricsPort"] = metrics.ToString(CultureInfo.InvariantCulture);
            _services.Add(ServiceProcess.StartPublished(program, own, environment, Permissions.GiveUpRoot));
            _metrics.Add(new UriBuilder(_services[^1].Address) { Port = metrics, Path = "metrics" }.Uri);
        }

        foreach (var service in _services)
        {
            await service.WaitUntilReadyAsync(Http, cancellationToken);
        }

        // Web makes the user as soon as it is ready.
        Door = await Eventually.GetAsync(
            "first administrator", () => Door.SignInAsync(_services[1].Address, "admin", Variables["MAELAB_ADMIN_PASSWORD"], cancellationToken), TimeSpan.FromMinutes(1), () => Output);
        Http.Dispose();
        Http = Door.CreateClient();
    }

    /// <summary>The Dockerfile's own command, into a folder of ours.</summary>
    /// <returns>The program.</returns>
    private async Task<string> PublishAsync(ComposeService service, CancellationToken cancellationToken)
    {
        var target = service.Build!.Target;
        if (!_published.TryGetValue(target, out var folder))
        {
            folder = _published[target] = Path.Combine(_folder.FullName, target);
            var command = _images.PublishCommandOf(target).Replace("/out", folder, StringComparison.Ordinal).Replace("${TORCH}", "cpu", StringComparison.Ordinal);
            await RunAsync("bash", ["-c", $"cd '{Repository.Root}' && {command} -v q -nodeReuse:false"], [], cancellationToken);
        }

        return Path.Combine(folder, _images.EntryPointOf(target));
    }

    private Dictionary<string, string> EnvironmentOf(ComposeService service, string name)
    {
        // What compose.yaml says goes before what the image says.
        var environment = _images.EnvironmentOf(service.Build!.Target);
        foreach (var (setting, value) in service.Environment)
        {
            environment[setting] = HereFor(value);
        }

        environment["HOME"] = "/nonexistent"; // as good as a root file system that is read-only
        if (environment.ContainsKey("Runner__DataFolder"))
        {
            var data = Directory.CreateDirectory(Path.Combine(_folder.FullName, $"{name}-data"));
            Permissions.GiveAway(data.FullName);
            environment["Runner__DataFolder"] = data.FullName;
        }

        return environment;
    }

    /// <summary>Host names of the stack's own network, in our terms.</summary>
    private string HereFor(string setting)
    {
        if (Uri.TryCreate(setting, UriKind.Absolute, out var uri) && uri.Host == "rabbitmq")
        {
            return new UriBuilder(uri) { Host = _broker.Address.Host, Port = _broker.Address.Port, Path = _broker.Address.AbsolutePath }.Uri.ToString();
        }

        if (!setting.StartsWith("Host=postgres;", StringComparison.Ordinal))
        {
            return setting;
        }

        var here = new NpgsqlConnectionStringBuilder(_database.Options.ConnectionString);
        return new NpgsqlConnectionStringBuilder(setting) { Host = here.Host, Port = here.Port, Database = here.Database }.ConnectionString;
    }

    private async Task RunAsync(string program, string[] arguments, Dictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        var said = await output + await errors;
        Assert.True(process.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.\n{said}"));
    }
}
