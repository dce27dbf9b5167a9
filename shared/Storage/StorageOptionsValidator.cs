using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MaeLab.Storage;

/// <summary>All that is wrong with section <c>Storage</c>, each message with its key.</summary>
internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    private const string ProviderKey = $"{StorageOptions.Section}:{nameof(StorageOptions.Provider)}";
    private const string ConnectionKey = $"{StorageOptions.Section}:{nameof(StorageOptions.ConnectionString)}";

    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(StorageOptions options)
    {
        if (!Enum.IsDefined(options.Provider))
        {
            yield return $"{ProviderKey}: '{options.Provider}' is unknown; use {string.Join(" or ", Enum.GetNames<StorageProvider>())}.";
        }

        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            yield return $"{ConnectionKey} is missing; for example '{Example(options.Provider)}'.";
        }
        else if (WhatIsWrong(options) is { } wrong)
        {
            yield return $"{ConnectionKey}: {wrong} An example: '{Example(options.Provider)}'.";
        }
    }

    private static string? WhatIsWrong(StorageOptions options)
    {
        try
        {
            return options.Provider switch
            {
                StorageProvider.Postgres => new NpgsqlConnectionStringBuilder(options.ConnectionString) switch
                {
                    { Host: null or "" } => "names no Host.",
                    { Database: null or "" } => "names no Database.",
                    _ => null,
                },
                StorageProvider.Sqlite => new SqliteConnectionStringBuilder(options.ConnectionString) is { DataSource: "" } ? "names no Data Source." : null,
                _ => null,
            };
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Both builders name the key they do not know, never its value.
            return $"cannot be read ({e.Message})";
        }
    }

    private static string Example(StorageProvider provider) =>
        provider == StorageProvider.Sqlite ? "Data Source=data/maelab.db" : "Host=localhost;Database=maelab;Username=maelab;Password=...";
}
