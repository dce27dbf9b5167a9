using System.Net;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Archives;
using MaeLab.Testing.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Api;

/// <summary>An experiment as one file, from a web service as it runs.</summary>
public abstract class ArchiveTests(ApiHost host, SqliteFiles elsewhere)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Downloaded_archive_is_the_exported_one_and_can_be_imported_elsewhere()
    {
        var (id, runIds) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel);
        using var exported = new MemoryStream();
        await host.Services.GetRequiredService<ExperimentExport>().WriteAsync(id, CheckpointChoice.None, exported, Cancel);

        using var response = await host.Http.GetAsync($"api/v1/experiments/{id}/archive", HttpCompletionOption.ResponseHeadersRead, Cancel);
        var archive = await response.Content.ReadAsByteArrayAsync(Cancel);

        Assert.Equal((HttpStatusCode.OK, ArchiveFormat.ContentType), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal($"maelab-{id}.maelab", response.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal(exported.ToArray(), archive);
        await using var database = await elsewhere.CreateDatabaseAsync(Cancel);
        var imported = await new ExperimentImport(database.Contexts).ReadAsync(new MemoryStream(archive), Cancel);
        Assert.Equal((id, runIds.Count, true), (imported.Id, imported.Runs, imported.Imported));
    }

    [Theory]
    [InlineData("final")]
    [InlineData("all")]
    public async Task Checkpoints_can_be_asked_for(string checkpoints)
    {
        var (id, _) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel);

        using var response = await host.Http.GetAsync($"api/v1/experiments/{id}/archive?checkpoints={checkpoints}", Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Unknown_choice_of_checkpoints_is_refused()
    {
        var problem = await host.GetProblemAsync($"api/v1/experiments/{Guid.NewGuid()}/archive?checkpoints=some", HttpStatusCode.BadRequest);

        Assert.Equal("'some' is unknown; use one of none, final, all.", (string?)problem["errors"]!["checkpoints"]![0]);
    }

    [Fact]
    public Task Archive_of_no_experiment_is_not_found() =>
        host.GetProblemAsync($"api/v1/experiments/{Guid.NewGuid()}/archive", HttpStatusCode.NotFound);
}

public sealed class ArchiveOnSqlite(SqliteApiHost host, SqliteFiles elsewhere) : ArchiveTests(host, elsewhere), IClassFixture<SqliteApiHost>;

public sealed class ArchiveOnPostgres(PostgresApiHost host, SqliteFiles elsewhere) : ArchiveTests(host, elsewhere), IClassFixture<PostgresApiHost>;
