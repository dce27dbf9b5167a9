using System.Diagnostics;
using MaeLab.Storage;
using MaeLab.Testing.Nodes;
using Npgsql;
using Xunit;

namespace MaeLab.Testing.Databases;

/// <summary>PostgreSQL's own command line programs: <c>pg_dump</c> and the like, from beside the server's.</summary>
public static class PostgresTool
{
    /// <summary>Runs it on a database; fails the test with what it said where it fails.</summary>
    public static async Task RunAsync(string tool, StorageOptions database, string[] arguments, CancellationToken cancellationToken)
    {
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo("bash") { RedirectStandardError = true };
        var script = Path.Combine(AppContext.BaseDirectory, "Nodes", NodeScript.Postgres);
        foreach (var argument in new[] { "-c", """folder=$(bash "$0" find) && exec "$folder/$1" "${@:2}" """, script, tool }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PGHOST"] = address.Host;
        start.Environment["PGPORT"] = $"{address.Port}";
        start.Environment["PGUSER"] = address.Username;
        start.Environment["PGPASSWORD"] = address.Password;
        start.Environment["PGDATABASE"] = address.Database;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode == NodeScript.NotInstalled)
        {
            Prerequisite.Missing(errors);
        }

        Assert.True(process.ExitCode == 0, $"{tool} exited with {process.ExitCode}: {errors}");
    }
}
