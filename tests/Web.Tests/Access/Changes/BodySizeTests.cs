using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MaeLab.Web.Tests.Api;

namespace MaeLab.Web.Tests.Access.Changes;

/// <summary>Every request with a body, with bodies that are too long, too deep, or packed.</summary>
public sealed class BodySizeTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private const int Limit = 1 << 20;

    public static TheoryData<string> Keys => [.. ChangeRequest.All.Where(request => request.Value.Body is not null).Select(request => request.Key)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Body_past_the_limit_is_refused_whether_or_not_it_says_how_long_it_is(string key)
    {
        var (request, subjects) = await SubjectsAsync(key);
        var body = request.Body!(subjects).PadRight(Limit + 1);
        foreach (var chunked in new[] { false, true })
        {
            using var message = request.MessageFor(subjects, body);
            message.Headers.TransferEncodingChunked = chunked;
            // What says how long it is is refused before it is sent.
            message.Headers.ExpectContinue = !chunked;

            using var answer = await host.Http.SendAsync(message, Cancel);

            var problem = await ApiHost.ReadProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge);
            Assert.Contains("1,048,576 bytes", (string)problem["detail"]!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Body_that_is_deep_beyond_sense_is_refused_with_a_sentence(string key)
    {
        var (request, subjects) = await SubjectsAsync(key);
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            var deep = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));
            foreach (var body in new[] { deep, $$"""{"name":{{deep}}}""" })
            {
                using var answer = await host.Http.SendAsync(request.MessageFor(subjects, body), Cancel);

                var problem = await ApiHost.ReadProblemAsync(answer, HttpStatusCode.BadRequest);
                Assert.NotEmpty(problem["errors"]!.AsObject());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Text_that_is_longer_than_any_is_refused_with_the_member_it_is(string key)
    {
        var (request, subjects) = await SubjectsAsync(key);
        var texts = JsonNode.Parse(request.Body!(subjects))!.AsObject().Where(member => member.Value!.GetValueKind() == JsonValueKind.String).Select(member => member.Key);
        foreach (var member in texts)
        {
            var errors = await ErrorsAsync(body => body[member] = new string('x', 500_000));
            Assert.True(errors.ContainsKey(member), errors.ToJsonString());
        }

        Assert.Single(await ErrorsAsync(body => body[new string('x', 500_000)] = 1));

        async Task<JsonObject> ErrorsAsync(Action<JsonObject> change)
        {
            var body = JsonNode.Parse(request.Body!(subjects))!.AsObject();
            change(body);
            using var answer = await host.Http.SendAsync(request.MessageFor(subjects, body.ToJsonString()), Cancel);
            var problem = await ApiHost.ReadProblemAsync(answer, HttpStatusCode.BadRequest);
            Assert.True(problem.ToJsonString().Length < 10_000, "What was sent is not sent back.");
            return problem["errors"]!.AsObject();
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Packed_body_does_not_get_around_the_limit(string key)
    {
        var (request, subjects) = await SubjectsAsync(key);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(request.Body!(subjects).PadRight(64 * Limit)), Cancel);
        }

        Assert.True(packed.Length < Limit);
        using var message = request.MessageFor(subjects, "");
        message.Content = new ByteArrayContent(packed.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } } };

        using var answer = await host.Http.SendAsync(message, Cancel);

        var problem = await ApiHost.ReadProblemAsync(answer, HttpStatusCode.UnsupportedMediaType);
        Assert.Contains("Content-Encoding", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    private async Task<(ChangeRequest Request, ChangeSubjects Subjects)> SubjectsAsync(string key) => (ChangeRequest.All[key], await ChangeSubjects.AddAsync(host, owner: null));
}
