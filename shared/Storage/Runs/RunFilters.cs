using MaeLab.Storage.Model;

namespace MaeLab.Storage.Runs;

/// <summary>The query filters of <see cref="RunRow"/>, by name.</summary>
internal static class RunFilters
{
    public const string Deleted = "deleted";
    public const string Jobs = "jobs";
}
