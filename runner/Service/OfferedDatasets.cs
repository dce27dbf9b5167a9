using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using Microsoft.Extensions.Options;

namespace MaeLab.Runner;

/// <summary>The data sets that this runner can read, as found when it started.</summary>
public sealed partial class OfferedDatasets(IReadOnlyList<DatasetInfo> all)
{
    public IReadOnlyList<DatasetInfo> All { get; } = all;

    /// <summary>A folder in the settings that is no data set is left out, with a line in the log: the runner has others to offer.</summary>
    public static OfferedDatasets Find(IOptions<RunnerOptions> options, ILogger<OfferedDatasets> logger) =>
        new(new DatasetLocator(options.Value.DataFolders).Offered(why => LogRefused(logger, why)));

    [LoggerMessage(LogLevel.Error, "A data set of the settings is not offered: {Why}")]
    private static partial void LogRefused(ILogger logger, string why);
}
