using System.Net;
using MaeLab.Hosting.Bus;
using MaeLab.Storage.Model;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;
using MaeLab.Web.Access;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Access;

public abstract class KeyProtectionTests(KeyProtectionTests.SecretHost host)
{
    private const string Secret = "a secret of thirty-two characters or more";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_are_not_to_be_read_in_the_database()
    {
        await host.SignInAsync("viewer");

        var keys = await KeysAsync();

        Assert.NotEmpty(keys);
        Assert.All(keys, key =>
        {
            Assert.Contains("encryptedSecret", key.Xml, StringComparison.Ordinal);
            Assert.DoesNotContain("masterKey", key.Xml, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Web_processes_with_the_same_secret_take_one_anothers_sessions()
    {
        var door = await host.SignInAsync("viewer");
        using var other = host.Start();

        Assert.Equal(HttpStatusCode.OK, await AskAsync(other, door));
        Assert.Single(await KeysAsync());
    }

    [Theory]
    [InlineData("another secret of thirty-two characters or more", "the secret is another one")]
    [InlineData("", "no secret is given")]
    public async Task Web_with_another_secret_says_so_and_ends_and_makes_no_keys(string secret, string reason)
    {
        var door = await host.SignInAsync("viewer");
        var before = await KeysAsync();
        var environment = new Dictionary<string, string>
        {
            ["Storage__Provider"] = host.Database.Options.Provider.ToString(),
            ["Storage__ConnectionString"] = host.Database.Options.ConnectionString,
            ["Bus__Transport"] = nameof(BusTransport.InMemory),
            ["Web__Access"] = nameof(AccessMode.Accounts),
            ["Web__KeyProtection__Secret"] = secret,
        };
        await using var other = ServiceProcess.Start(Programs.Web, port: 0, environment);

        Assert.Equal(1, await other.WaitForEndAsync(Cancel));
        Assert.Contains(reason, other.Output, StringComparison.Ordinal);
        Assert.Contains("Web:KeyProtection:Secret", other.Output, StringComparison.Ordinal);
        Assert.Equal(before.Select(key => key.Name), (await KeysAsync()).Select(key => key.Name));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(host.Http, door));
    }

    [Fact]
    public async Task Keys_from_before_there_was_a_secret_open_nothing_any_more()
    {
        await using var open = await host.OpenedBeforeAsync();
        var door = await open.SignInAsync("viewer");
        Assert.Contains(await KeysAsync(open), key => key.Xml.Contains("masterKey", StringComparison.Ordinal));
        open.Given = Secret;

        using var closed = open.Start();

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(closed, door));
        Assert.NotNull(await Door.SignInAsync(closed.BaseAddress!, "viewer", AccountsHost.Password, Cancel));
        Assert.Equal(["encrypted", "open"], (await KeysAsync(open)).Select(key => key.Xml.Contains("masterKey", StringComparison.Ordinal) ? "open" : "encrypted").Order());
    }

    private Task<List<DataProtectionKeyRow>> KeysAsync() => KeysAsync(host);

    private static async Task<List<DataProtectionKeyRow>> KeysAsync(SecretHost host)
    {
        await using var db = host.Database.Open();
        return await db.DataProtectionKeys.OrderBy(key => key.Name).ToListAsync(Cancel);
    }

    private async Task<HttpStatusCode> AskAsync(HttpClient web, Door door)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(web.BaseAddress!, "api/v1/runs")) { Headers = { { "Cookie", $"maelab={door.Cookie}" } } };
        using var stranger = host.Program(null);
        using var answer = await stranger.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    public class SecretHost(ITestDatabases databases) : AccountsHost(databases)
    {
        private readonly ITestDatabases _databases = databases;

        /// <summary>The secret of the web process that is started next.</summary>
        public string? Given { get; set; } = Secret;

        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Web:KeyProtection:Secret"] = Given };

        /// <summary>Another one, with a database of its own, that had no secret when it was started.</summary>
        public async Task<SecretHost> OpenedBeforeAsync()
        {
            var before = new SecretHost(_databases) { Given = null };
            await before.InitializeAsync();
            return before;
        }
    }

    public sealed class SecretOnSqlite(SqliteFiles databases) : SecretHost(databases);

    public sealed class SecretOnPostgres(PostgresServer databases) : SecretHost(databases);
}

public sealed class KeyProtectionOnSqliteTests(KeyProtectionTests.SecretOnSqlite host) : KeyProtectionTests(host), IClassFixture<KeyProtectionTests.SecretOnSqlite>;

public sealed class KeyProtectionOnPostgresTests(KeyProtectionTests.SecretOnPostgres host) : KeyProtectionTests(host), IClassFixture<KeyProtectionTests.SecretOnPostgres>;
