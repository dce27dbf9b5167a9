using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MaeLab.Testing;
using MaeLab.Testing.Ring;

namespace MaeLab.Benchmarks.Ring;

/// <summary>An experiment of one run through the API of a ring.</summary>
internal static class RingRequests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <returns>The run's id.</returns>
    public static async Task<string> SubmitAsync(this RunningRing ring, object definition, CancellationToken cancellationToken)
    {
        using var answer = await ring.Http.PostAsJsonAsync("api/v1/experiments", definition, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["runIds"]![0]!;
    }

    public static Task<JsonObject> WaitUntilOverAsync(this RunningRing ring, string runId, CancellationToken cancellationToken) => Eventually.GetAsync(
        "completed run",
        async () =>
        {
            var run = await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs/{runId}", cancellationToken);
            return (string)run!["state"]! == "completed" ? run : null;
        },
        s_patience,
        () => ring.Output);
}
