using System.Net.Http.Headers;
using MaeLab.Storage;

namespace MaeLab.Testing.Ring;

public static class ServiceSettings
{
    /// <summary>With which tests speak to the REST API of web.</summary>
    public static readonly AuthenticationHeaderValue Authorization = new("Bearer", "token of the tests");

    /// <summary>What every service of a ring on PostgreSQL and RabbitMQ is told by its environment.</summary>
    /// <param name="dataFolder">Of the runner; the others have none.</param>
    public static Dictionary<string, string> Of(string connectionString, Uri broker, string dataFolder) => new()
    {
        ["Storage__Provider"] = nameof(StorageProvider.Postgres),
        ["Storage__ConnectionString"] = connectionString,
        ["Bus__Transport"] = "RabbitMq",
        ["Bus__Uri"] = broker.ToString(),
        ["Web__Token"] = Authorization.Parameter!,
        // Tests and benchmarks ask as often as web can answer.
        ["Web__RequestsPerMinute"] = "1000000",
        ["Runner__Name"] = Path.GetFileName(dataFolder),
        ["Runner__DataFolder"] = dataFolder,
    };
}
