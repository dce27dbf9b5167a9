using MaeLab.Storage;
using MaeLab.Testing.Nodes;
using Npgsql;

namespace MaeLab.Testing.Databases;

/// <summary>
/// One PostgreSQL server for the tests of an assembly: <c>[assembly: AssemblyFixture(typeof(PostgresServer))]</c>. It is the
/// one of <c>MAELAB_TEST_POSTGRES</c>, or else a throw-away cluster, started when the first test asks and removed at the end.
/// </summary>
public sealed class PostgresServer : ITestDatabases, IAsyncDisposable
{
    /// <summary>Environment variable: a connection string to a server where it may create databases.</summary>
    public const string Variable = "MAELAB_TEST_POSTGRES";

    private readonly Lazy<Task> _started;
    private readonly string _template = NewName("template");
    private ServerNode? _node;
    private string? _connectionString;
    private string? _missing;

    /// <summary>Ours; null before the first test has asked, and where the variable names another.</summary>
    public ServerNode? Node => _node;

    public PostgresServer() => _started = new(StartAsync);

    /// <summary>A migrated database: a copy of a template, which takes a few hundredths of a second.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var database = await NameDatabaseAsync(cancellationToken);
        await ExecuteAsync($"CREATE DATABASE {database.Name} TEMPLATE {_template}", cancellationToken);
        return database.Database;
    }

    /// <summary>A name of which no database exists yet, to see one created and migrated.</summary>
    public async Task<TestDatabase> CreateMissingDatabaseAsync(CancellationToken cancellationToken) =>
        (await NameDatabaseAsync(cancellationToken)).Database;

    /// <summary>A database with nothing in it.</summary>
    public async Task<TestDatabase> CreateEmptyDatabaseAsync(CancellationToken cancellationToken)
    {
        var database = await NameDatabaseAsync(cancellationToken);
        await ExecuteAsync($"CREATE DATABASE {database.Name}", cancellationToken);
        return database.Database;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_connectionString is not null)
            {
                await DropAsync(_template);
            }
        }
        finally
        {
            if (_node is not null)
            {
                await _node.DisposeAsync();
            }
        }
    }

    private async Task<(string Name, TestDatabase Database)> NameDatabaseAsync(CancellationToken cancellationToken)
    {
        await _started.Value.WaitAsync(cancellationToken);
        if (_missing is not null)
        {
            Prerequisite.Missing($"{_missing.Trim()} Install PostgreSQL (apt-get install postgresql) or set {Variable}.");
        }

        var name = NewName("test");
        return (name, new TestDatabase(OptionsFor(name), () => DropAsync(name)));
    }

    /// <summary>Once, for all tests: not to be cancelled by the one that happens to come first.</summary>
    private async Task StartAsync()
    {
        var server = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(server))
        {
            (_node, _missing) = await ServerNode.StartAsync(NodeScript.Postgres, ports: 1, CancellationToken.None);
            if (_node is null)
            {
                return;
            }

            server = $"Host=127.0.0.1;Port={_node.Port};Username=maelab;Database=postgres";
        }

        _connectionString = server;
        // No pool: a template that anybody is connected to cannot be copied.
        var template = OptionsFor(_template);
        template.ConnectionString += ";Pooling=false";
        await DatabaseMigrator.MigrateAsync(DatabaseFactory.Create(template), CancellationToken.None);
    }

    private StorageOptions OptionsFor(string database) => new()
    {
        Provider = StorageProvider.Postgres,
        ConnectionString = new NpgsqlConnectionStringBuilder(_connectionString) { Database = database, IncludeErrorDetail = true }.ConnectionString,
    };

    private async ValueTask DropAsync(string database)
    {
        await using (var pooled = new NpgsqlConnection(OptionsFor(database).ConnectionString))
        {
            NpgsqlConnection.ClearPool(pooled);
        }

        await ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)", CancellationToken.None);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string NewName(string kind) => $"maelab_{kind}_{Guid.NewGuid():n}";
}
