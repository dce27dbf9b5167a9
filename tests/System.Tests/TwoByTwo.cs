using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MaeLab.Testing;

namespace MaeLab.System.Tests;

/// <summary>The smallest ablation that is one: two mask ratios by two patch sizes, on 1,024 real images.</summary>
public static class TwoByTwo
{
    public const int Images = 1024;
    public const int BatchSize = 128;
    public const int Epochs = 3;

    /// <summary>Optimizer steps of each run.</summary>
    public const int Steps = Images / BatchSize * Epochs;

    private static readonly TimeSpan s_trainingTime = TimeSpan.FromMinutes(4);

    /// <summary>Submits it through the REST API and waits until all cells are complete.</summary>
    /// <param name="output">What the services said, for the message of a failure.</param>
    /// <returns>The answer to the submission and the finished matrix of linear probe accuracy.</returns>
    public static async Task<(JsonObject Answer, JsonObject Matrix)> TrainAsync(
        HttpClient http, string name, Func<string> output, CancellationToken cancellationToken)
    {
        using var submitted = await http.PostAsJsonAsync("api/v1/experiments", Definition(name), cancellationToken);
        // Accepted: the scheduler took more than five seconds for its first one, on a busy machine.
        Assert.True(submitted.StatusCode is HttpStatusCode.Created or HttpStatusCode.Accepted, await submitted.Content.ReadAsStringAsync(cancellationToken) + output());
        var answer = (await submitted.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!;
        var matrix = await Eventually.GetAsync(
            "matrix of completed cells",
            async () =>
            {
                using var asked = await http.GetAsync(
                    new Uri($"api/v1/experiments/{answer["id"]}/matrix?metric=probe/linear_accuracy&rows=patchSize&columns=maskRatio", UriKind.Relative), cancellationToken);
                var matrix = asked.StatusCode == HttpStatusCode.NotFound ? null : await asked.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
                return matrix?["cells"]!.AsArray().All(cell => (string?)cell!["state"] == "completed") == true ? matrix : null;
            },
            s_trainingTime,
            output);
        return (answer, matrix);
    }

    public static object Definition(string name) => new
    {
        name,
        preset = "nano",
        @base = new
        {
            dataset = new { name = "fashion-mnist-sample", limit = Images },
            batchSize = BatchSize,
            epochs = Epochs,
        },
        axes = new { maskRatio = new[] { 0.5, 0.75 }, patchSize = new[] { 4, 7 } },
    };
}
