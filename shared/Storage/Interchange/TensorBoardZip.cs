using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MaeLab.Domain;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Archives;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Interchange;

/// <summary>
/// Runs for <c>tensorboard --logdir</c>: a zip file with a folder a run, in it one event file with all series, the pictures of the
/// gallery, the recipe as text and the levels for the tab HParams, where the seeds of a cell are a group.
/// </summary>
internal sealed class TensorBoardZip(IDbContextFactory<MaeLabDb> databases, MetricExport export)
{
    private const int LongestName = 100;
    private const int Buffered = 64 * 1024;

    public async Task WriteAsync(IReadOnlyList<ExportedRun> runs, Stream target, CancellationToken cancellationToken)
    {
        await using var forward = new MeasuredStream(target);
        await using (var zip = await ZipArchive.CreateAsync(forward, ZipArchiveMode.Create, leaveOpen: true, null, cancellationToken))
        {
            foreach (var run in runs)
            {
                var clock = await export.ReadClockAsync(run, cancellationToken);
                // A run that has not begun has nothing to show.
                if (clock.At(0) is { } began)
                {
                    var entry = zip.CreateEntry($"{FolderOf(run)}/events.out.tfevents.{began.ToUnixTimeSeconds():D10}.maelab", CompressionLevel.Fastest);
                    entry.LastWriteTime = ArchiveFormat.EntryTime;
                    await using var content = new BufferedStream(await entry.OpenAsync(cancellationToken), Buffered);
                    await WriteAsync(run, clock, began, new(content), cancellationToken);
                }
            }
        }

        await forward.DrainAsync(cancellationToken);
    }

    /// <summary>The place in the experiment, so that no two are alike, then what tells it from the others in letters that every file system takes.</summary>
    internal static string FolderOf(ExportedRun run)
    {
        var words = run.Levels.Select(level => $"{level.Field}={level.Literal.Trim('"')}").Prepend($"{run.Index:D3}").Append($"seed={run.Seed}");
        var name = new StringBuilder(string.Join('_', words));
        for (var i = 0; i < name.Length; i++)
        {
            name[i] = char.IsAsciiLetterOrDigit(name[i]) || name[i] is '.' or '-' or '=' or '_' ? name[i] : '-';
        }

        return name.ToString(0, Math.Min(name.Length, LongestName)).TrimEnd('.');
    }

    private async Task WriteAsync(ExportedRun run, RunClock clock, DateTimeOffset began, EventFile file, CancellationToken cancellationToken)
    {
        await file.WriteVersionAsync(began, cancellationToken);
        await file.WriteHyperparametersAsync(began, "_hparams_/session_start_info", SessionStart(run, began), cancellationToken);
        var recipe = JsonSerializer.Serialize(JsonNode.Parse(run.Recipe), JsonDefaults.Indented);
        await file.WriteTextAsync(began, "recipe", $"{run.Experiment}, run {run.Id}\n\n```json\n{recipe}\n```", cancellationToken);
        var last = began;
        await foreach (var portion in export.ReadAsync(run, clock, cancellationToken))
        {
            foreach (var point in portion.Points)
            {
                var at = clock.At(point.Step) ?? began;
                last = at > last ? at : last;
                await file.WriteScalarAsync(at, point.Step, portion.Series, point.Value, cancellationToken);
            }
        }

        await WriteImagesAsync(run, file, cancellationToken);
        if (run.State.IsFinal())
        {
            await file.WriteHyperparametersAsync(last, "_hparams_/session_end_info", SessionEnd(run.State, last), cancellationToken);
        }
    }

    private async Task WriteImagesAsync(ExportedRun run, EventFile file, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var images = db.Images.AsNoTracking().Where(image => image.RunId == run.Id)
            .OrderBy(image => image.Step).ThenBy(image => image.Attempt).ThenBy(image => image.Kind).ThenBy(image => image.GalleryIndex);
        await foreach (var image in images.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            await file.WriteImageAsync(image.CreatedAt, image.Step, $"{image.Kind}/{image.GalleryIndex}", image.Width, image.Height, image.Png, cancellationToken);
        }
    }

    /// <summary><c>HParamsPluginData</c> with a <c>SessionStartInfo</c>: a map of <c>google.protobuf.Value</c>, the group, the time.</summary>
    private static ProtoMessage SessionStart(ExportedRun run, DateTimeOffset at)
    {
        var session = new ProtoMessage();
        foreach (var (field, literal) in run.Levels)
        {
            session.Message(1, new ProtoMessage().Text(1, field).Message(2, ValueOf(literal)));
        }

        return new ProtoMessage().Message(3, session.Text(4, $"cell {run.Cell}").Double(5, EventFile.Seconds(at)));
    }

    /// <summary><c>HParamsPluginData</c> with a <c>SessionEndInfo</c>: status (1 success, 2 failure) and time.</summary>
    private static ProtoMessage SessionEnd(RunState state, DateTimeOffset at) =>
        new ProtoMessage().Message(4, new ProtoMessage().Integer(1, state == RunState.Completed ? 1 : 2).Double(2, EventFile.Seconds(at)));

    private static ProtoMessage ValueOf(string literal)
    {
        using var level = JsonDocument.Parse(literal);
        return level.RootElement.ValueKind switch
        {
            JsonValueKind.Number => new ProtoMessage().Double(2, level.RootElement.GetDouble()),
            JsonValueKind.String => new ProtoMessage().Text(3, level.RootElement.GetString()!),
            JsonValueKind.True or JsonValueKind.False => new ProtoMessage().Integer(4, level.RootElement.GetBoolean() ? 1 : 0),
            _ => new ProtoMessage().Text(3, "none"),
        };
    }
}
