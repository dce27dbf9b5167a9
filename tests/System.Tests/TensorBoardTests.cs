using System.IO.Compression;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Storage.Interchange;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.System.Tests;

/// <summary>TorchSharp carries the message types of TensorBoard, made from their own definitions: they must find the same in our files.</summary>
public sealed class TensorBoardTests(PostgresServer databases)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_files_are_read_by_the_message_types_of_TorchSharp()
    {
        await using var database = await databases.CreateDatabaseAsync(Cancel);
        var run = await AddRunAsync(database);
        var export = new MetricExport(database.Contexts, new MetricReader(database.Contexts));
        using var file = new MemoryStream();

        await export.WriteAsync(await export.RunAsync(run, Cancel), MetricFormat.TensorBoard, file, Cancel);

        using var zip = new ZipArchive(file);
        var events = Read(Assert.Single(zip.Entries));
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        var values = events.Skip(1).Select(one => (one.Step, Value: Assert.Single(one.Summary.Value))).ToList();
        Assert.Equal(["_hparams_/session_start_info", "recipe", "train/loss", "train/loss", "masked/2"], values.Select(one => one.Value.Tag));
        Assert.Equal("hparams", values[0].Value.Metadata.PluginData.PluginName);
        Assert.Equal(Tensorboard.DataType.DtString, values[1].Value.Tensor.Dtype);
        Assert.Contains("\"maskRatio\": 0.75", values[1].Value.Tensor.StringVal[0].ToStringUtf8(), StringComparison.Ordinal);
        Assert.Equal([(1L, 0.5f), (300L, float.NaN)], values.Skip(2).Take(2).Select(one => (one.Step, one.Value.SimpleValue)));
        Assert.Equal((28, 14), (values[4].Value.Image.Width, values[4].Value.Image.Height));
        Assert.Equal(new byte[] { 1, 2, 3 }, values[4].Value.Image.EncodedImageString.ToByteArray());
        Assert.All(events, one => Assert.Equal(SampleRuns.Noon.ToUnixTimeSeconds(), one.WallTime));
    }

    private static async Task<Guid> AddRunAsync(TestDatabase database)
    {
        var run = await database.AddRunAsync(Cancel);
        await using var db = database.Open();
        var recipe = RecipeJson.Write(Presets.Find(Presets.Default)!).ToJsonString();
        await db.Runs.ExecuteUpdateAsync(row => row.SetProperty(one => one.Recipe, recipe).SetProperty(one => one.Levels, """{"maskRatio":0.75}"""), Cancel);
        await db.RunAttempts.ExecuteUpdateAsync(row => row.SetProperty(one => one.StartedAt, SampleRuns.Noon), Cancel);
        db.Images.Add(new() { Id = Guid.CreateVersion7(), RunId = run, Attempt = 1, Step = 7, Kind = ImageKinds.Masked, GalleryIndex = 2, Width = 28, Height = 14, Png = [1, 2, 3], CreatedAt = SampleRuns.Noon });
        await db.SaveChangesAsync(Cancel);
        var writer = await MetricWriter.OpenAsync(database.Contexts, run, attempt: 1, restoreStep: 0, Cancel);
        writer.Add([new(SeriesNames.TrainLoss, 1, 0.5), new(SeriesNames.TrainLoss, 300, double.NaN)]);
        await writer.FlushAsync(Cancel);
        return run;
    }

    private static List<Tensorboard.Event> Read(ZipArchiveEntry entry)
    {
        using var content = new BinaryReader(entry.Open());
        var events = new List<Tensorboard.Event>();
        for (var length = content.ReadBytes(sizeof(long)); length.Length > 0; length = content.ReadBytes(sizeof(long)))
        {
            content.ReadUInt32();
            events.Add(Tensorboard.Event.Parser.ParseFrom(content.ReadBytes((int)BitConverter.ToInt64(length))));
            content.ReadUInt32();
        }

        return events;
    }
}
