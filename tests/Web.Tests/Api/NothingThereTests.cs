using System.Net;
using MaeLab.Storage;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using Microsoft.AspNetCore.Routing;

namespace MaeLab.Web.Tests.Api;

/// <summary>What is not there, or fails, answers with problem+json wherever it is asked for.</summary>
public sealed class NothingThereTests(SqliteApiHost host, SqliteFiles databases) : IClassFixture<SqliteApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_address_with_an_id_says_that_there_is_no_such_thing()
    {
        var endpoints = host.Endpoints.Where(endpoint => endpoint.RoutePattern.RawText!.Contains("{id", StringComparison.Ordinal)).ToList();
        Assert.True(endpoints.Count >= 14, $"{endpoints.Count} endpoints");
        foreach (var endpoint in endpoints)
        {
            var id = Guid.CreateVersion7();
            var address = endpoint.RoutePattern.RawText!.Replace("{id:guid}", id.ToString(), StringComparison.Ordinal);
            var method = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single();
            using var response = await host.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), address), Cancel);

            var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.NotFound);

            var what = address.Split('/')[3][..^1]; // /api/v1/runs/... is about a run
            Assert.Equal($"There is no {what} {id}.", (string)problem["detail"]!);
        }
    }

    [Theory]
    [InlineData("api/v1/runs/not-an-id")]
    [InlineData("api/v1/nothing")]
    [InlineData("api/v2/runs")]
    [InlineData("api")]
    public async Task Unknown_address_is_a_problem_and_not_a_page(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/html"); // as a browser asks
        using var response = await host.Http.SendAsync(request, Cancel);

        var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.NotFound);

        Assert.StartsWith($"There is nothing at /{address};", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_page_stays_a_page()
    {
        using var response = await host.Http.GetAsync(new Uri("nothing", UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Wrong_method_is_a_problem_that_names_the_right_one()
    {
        using var response = await host.Http.DeleteAsync(new Uri("api/v1/experiments", UriKind.Relative), Cancel);

        await ApiHost.ReadProblemAsync(response, HttpStatusCode.MethodNotAllowed);

        Assert.Contains("POST", response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Failure_of_ours_is_a_problem_without_our_inside()
    {
        var missing = await databases.CreateMissingDatabaseAsync(Cancel);

        await AssertFailureAsync(missing.Options, HttpStatusCode.InternalServerError, "A mistake of ours.");
    }

    [Fact]
    public async Task Database_that_is_away_is_a_problem_that_passes()
    {
        var away = $"Host=127.0.0.1;Port={FreePorts.Find()};Database=maelab;Username=maelab";

        await AssertFailureAsync(
            new() { Provider = StorageProvider.Postgres, ConnectionString = away }, HttpStatusCode.ServiceUnavailable, "The database did not answer.");
    }

    private static async Task AssertFailureAsync(StorageOptions storage, HttpStatusCode status, string title)
    {
        await using var broken = new BrokenHost(storage);
        await broken.InitializeAsync();
        foreach (var address in new[] { "api/v1/runs", "api/v1/experiments", "api/v1/runners" })
        {
            var problem = await broken.GetProblemAsync(address, status);
            Assert.Equal(title, (string)problem["title"]!);
        }
    }

    private sealed class BrokenHost(StorageOptions storage) : ApiHost(new Databases(storage))
    {
        // The cookie's key would have to come from the database.
        protected override bool HasDoor => false;
    }

    private sealed class Databases(StorageOptions storage) : ITestDatabases
    {
        public Task<TestDatabase> CreateDatabaseAsync(CancellationToken cancellationToken) => CreateMissingDatabaseAsync(cancellationToken);

        public Task<TestDatabase> CreateEmptyDatabaseAsync(CancellationToken cancellationToken) => CreateMissingDatabaseAsync(cancellationToken);

        public Task<TestDatabase> CreateMissingDatabaseAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new TestDatabase(storage, () => ValueTask.CompletedTask));
    }
}
