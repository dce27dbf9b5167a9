using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MaeLab.Testing;
using MaeLab.Testing.Ring;

namespace MaeLab.System.Tests.Faults;

/// <summary>A person at the REST API who does not give up: whatever answers nothing, or 503, is asked again. No fault is a reason for a 500.</summary>
internal sealed class RingApi(FaultRing ring, CancellationToken cancellationToken)
{
    /// <summary>Returns once the experiment is there, which may be after the outage of a scheduler.</summary>
    /// <returns>Its id.</returns>
    public async Task<Guid> SubmitAsync(string name)
    {
        var answer = await SendAsync($"answer to the submission of {name}", () => PostOnceAsync(name));
        Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.Accepted, $"{answer.Status}: {answer.Body}{ring.Output}");
        var id = (Guid)JsonNode.Parse(answer.Body)!["id"]!;
        await Eventually.GetAsync(
            $"experiment {id}", async () => (await TryAsync(() => GetAsync($"experiments/{id}"))) is { Status: HttpStatusCode.OK } found ? found : null, RingWatch.Patience, () => ring.Output);
        return id;
    }

    /// <summary>Pauses a run, waits until it stands, and resumes it; a run that is over by then is left alone.</summary>
    public async Task PauseAndResumeAsync(Guid runId)
    {
        if ((await SendAsync("answer to a pause", () => PostAsync($"runs/{runId}/pause"))).Status == HttpStatusCode.Conflict)
        {
            return;
        }

        await WaitForStateAsync(runId, "paused or over", state => state is "paused" or "completed");
        await SendAsync("answer to a resume", () => PostAsync($"runs/{runId}/resume"));
        await WaitForStateAsync(runId, "no longer paused", state => state is not "paused");
    }

    public async Task<JsonArray> ListAsync(string path)
    {
        var answer = await SendAsync(path, () => GetAsync(path));
        Assert.True(answer.Status == HttpStatusCode.OK, $"{path}: {answer.Status} {answer.Body}");
        return JsonNode.Parse(answer.Body)!["items"]!.AsArray();
    }

    private Task<Answer> WaitForStateAsync(Guid runId, string what, Func<string, bool> isIt) => Eventually.GetAsync(
        $"run {runId} that is {what}",
        async () =>
        {
            var answer = await TryAsync(() => GetAsync($"runs/{runId}"));
            return answer is { Status: HttpStatusCode.OK } && isIt((string)JsonNode.Parse(answer.Body)!["state"]!) ? answer : null;
        },
        RingWatch.Patience,
        () => ring.Output);

    private Task<Answer> SendAsync(string what, Func<Task<HttpResponseMessage>> request) => Eventually.GetAsync(
        what, async () => await TryAsync(request) is { Status: not HttpStatusCode.ServiceUnavailable } answer ? answer : null, RingWatch.Patience, () => ring.Output);

    /// <summary>With a key: however often it is asked again, there is one experiment.</summary>
    private async Task<HttpResponseMessage> PostOnceAsync(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/v1/experiments", UriKind.Relative))
        {
            Content = JsonContent.Create(SixRuns.Definition(name)),
            Headers = { { "Idempotency-Key", name } },
        };
        return await ring.Http.SendAsync(request, cancellationToken);
    }

    private Task<HttpResponseMessage> GetAsync(string path) => ring.Http.GetAsync(new Uri($"api/v1/{path}", UriKind.Relative), cancellationToken);

    private Task<HttpResponseMessage> PostAsync(string path) => ring.Http.PostAsync(new Uri($"api/v1/{path}", UriKind.Relative), content: null, cancellationToken);

    private async Task<Answer?> TryAsync(Func<Task<HttpResponseMessage>> request)
    {
        using var response = await HttpQuestion.TryAsync(request, cancellationToken);
        if (response is null)
        {
            return null;
        }

        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.StatusCode != HttpStatusCode.InternalServerError, $"{response.RequestMessage?.RequestUri}: {body}{ring.Output}");
        return new(response.StatusCode, body);
    }

    private sealed record Answer(HttpStatusCode Status, string Body);
}
