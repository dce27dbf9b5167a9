using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Recipes;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Runners;

/// <summary>The data sets a recipe may name: those known to MaeLab and those that runners have registered.</summary>
public static class DatasetCatalog
{
    public static async Task<IReadOnlyDictionary<string, DatasetInfo>> ReadAsync(MaeLabDb db, CancellationToken cancellationToken)
    {
        var catalog = Datasets.Known.ToDictionary(dataset => dataset.Name);
        foreach (var json in await db.Runners.AsNoTracking().Select(runner => runner.Datasets).ToListAsync(cancellationToken))
        {
            foreach (var dataset in Parse(json))
            {
                catalog.TryAdd(dataset.Name, dataset);
            }
        }

        return catalog;
    }

    /// <summary>The form in which table runners keeps what a runner offers.</summary>
    public static string Write(IEnumerable<DatasetInfo> datasets) => JsonSerializer.Serialize(datasets, JsonDefaults.Options);

    public static IReadOnlyList<DatasetInfo> Parse(string json) =>
        JsonSerializer.Deserialize<DatasetInfo[]>(json, JsonDefaults.Options) ?? [];
}
