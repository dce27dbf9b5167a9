using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace MaeLab.Web.Tests.Api;

/// <summary>What comes in wrong is told field by field, by preview and submission alike, and goes no further.</summary>
public sealed class BadInputTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"name":"x","base":{"patchSize":5}}""", "base.patchSize", "Patch size 5 does not divide image size 28; these do: 1, 2, 4, 7, 14, 28.")]
    [InlineData("""{"name":"x","axes":{"patchSize":[4,5]}}""", "axes.patchSize[1]", "Patch size 5 does not divide image size 28; these do: 1, 2, 4, 7, 14, 28.")]
    [InlineData("""{"name":"x","base":{"encoder":{"heads":5}}}""", "base.encoder.heads", "5 heads do not divide encoder width 64; these do: 1, 2, 4, 8, 16, 32, 64.")]
    [InlineData("""{"name":"x","axes":{"decoder.heads":[1,3]}}""", "axes.decoder.heads[1]", "3 heads do not divide decoder width 32; these do: 1, 2, 4, 8, 16, 32.")]
    [InlineData("""{"name":"x","base":{"maskRatio":1}}""", "base.maskRatio", "Mask ratio must be greater than 0 and less than 1, not 1.")]
    [InlineData("""{"name":"x","base":{"maskRatio":0}}""", "base.maskRatio", "Mask ratio must be greater than 0 and less than 1, not 0.")]
    [InlineData("""{"name":"x","axes":{"maskRatio":[0.75,-0.5]}}""", "axes.maskRatio[1]", "Mask ratio must be greater than 0 and less than 1, not -0.5.")]
    [InlineData("""{"name":"x","axes":{"maskRatio":[0.75,0.99]}}""", "axes.maskRatio[1]", "Mask ratio 0.99 leaves 0 of 49 patches visible; at least 1 must be.")]
    [InlineData("""{"name":"x","base":{"dataset":{"name":"imagenet"}}}""", "base.dataset.name", "There is no data set 'imagenet'. Known: cifar10, cifar100, fashion-mnist, fashion-mnist-sample, mnist.")]
    [InlineData("""{"name":"x","axes":{"maskRatio":[0.5,0.75,0.50]}}""", "axes.maskRatio[2]", "Mask ratio 0.5 is already level 1 of this axis; every level may stand once.")]
    [InlineData("""{"name":"x","axes":{"seed":[7,7]}}""", "axes.seed[1]", "Seed 7 is already level 1 of this axis; every level may stand once.")]
    [InlineData("""{"name":"x","base":{"epochs":0}}""", "base.epochs", "Epochs must be from 1 to 100,000, not 0.")]
    [InlineData("""{"name":"x","base":{"batchSize":"many"}}""", "base.batchSize", "Batch size must be a whole number, not \"many\".")]
    [InlineData("""{"name":"x","base":{"maskRation":0.5}}""", "base.maskRation", null)]
    [InlineData("""{"name":"x","axes":{"encoder.size":[1]}}""", "axes.encoder.size", null)]
    [InlineData("""{"axes":{}}""", "name", "The experiment needs a name.")]
    [InlineData("""{"name":"x","axis":{}}""", "axis", "There is no field 'axis'. Known: name, description, tags, priority, weight, preset, base, axes, design, baseline.")]
    [InlineData("""{"name":"x","design":"spiral"}""", "design", "'design' must be one of grid, star.")]
    [InlineData("""[1,2]""", "$", "The definition must be a JSON object.")]
    [InlineData("""{"name":"x","base":{"epochs":1,"epochs":2}}""", "$", null)]
    [InlineData("", "$", null)]
    public async Task Bad_definition_is_told_with_its_field(string definition, string field, string? message)
    {
        foreach (var address in new[] { "api/v1/experiments/preview", "api/v1/experiments" })
        {
            using var response = await host.PostAsync(address, definition);
            var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.BadRequest);
            var (name, messages) = Assert.Single(problem["errors"]!.AsObject());
            Assert.Equal(field, name);
            var text = (string)Assert.Single(messages!.AsArray())!;
            Assert.True(message is null ? text.Length > 10 : text == message, $"{field}: {text}");
        }
    }

    [Fact]
    public async Task Too_many_runs_are_told_with_their_number()
    {
        var seeds = string.Join(',', Enumerable.Range(0, 5001));
        using var response = await host.PostAsync("api/v1/experiments", $$$"""{"name":"x","axes":{"maskRatio":[0.5,0.75],"seed":[{{{seeds}}}]}}""");

        var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.BadRequest);

        Assert.Equal(
            "These axes make 2 cells x 5,001 seeds = 10,002 runs; at most 10,000 are allowed.",
            (string)problem["errors"]!["axes"]![0]!);
    }

    [Fact]
    public async Task All_errors_come_at_once()
    {
        using var response = await host.PostAsync(
            "api/v1/experiments", """{"base":{"epochs":0,"patchSize":5,"encoder":{"heads":5}},"axes":{"maskRatio":[0.5,2]}}""");

        var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.BadRequest);

        Assert.Equal(
            ["axes.maskRatio[1]", "base.encoder.heads", "base.epochs", "base.patchSize", "name"],
            problem["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Malformed_json_is_told_with_its_position()
    {
        using var response = await host.PostAsync("api/v1/experiments", "{\n  \"name\": \"x\",\n  \"base\": {]\n}");

        var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.BadRequest);

        var message = (string)problem["errors"]!["$"]![0]!;
        Assert.StartsWith("The definition is not valid JSON: ", message, StringComparison.Ordinal);
        Assert.Contains("LineNumber: 2 | BytePositionInLine: 11", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Body_that_does_not_come_as_json_is_refused(string? type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"name":"x"}"""));
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        using var response = await host.Http.PostAsync(new Uri("api/v1/experiments", UriKind.Relative), content, Cancel);

        var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.UnsupportedMediaType);

        Assert.Contains("application/json", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_past_the_limit_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/experiments")
        {
            Content = new StringContent(new JsonObject { ["name"] = new string('x', 1 << 20) }.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.ExpectContinue = true; // it is refused before it is sent
        using var response = await host.Http.SendAsync(request, Cancel);

        var problem = await ApiHost.ReadProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);

        Assert.Contains("1,048,576 bytes", (string)problem["detail"]!, StringComparison.Ordinal);
    }
}
