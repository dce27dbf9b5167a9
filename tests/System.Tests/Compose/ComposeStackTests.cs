using System.Net;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using Microsoft.Playwright;
using Npgsql;

namespace MaeLab.System.Tests.Compose;

/// <summary>The main job on what <c>docker compose up</c> starts, see <see cref="ComposeStack"/>.</summary>
public sealed class ComposeStackTests(PostgresServer databases, RabbitMqServer brokers, Chromium chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stack_takes_an_ablation_from_submission_to_the_matrix_and_nobody_has_more_rights_than_needed()
    {
        await using var stack = await ComposeStack.StartAsync(databases, brokers, Cancel);

        var (answer, matrix) = await TwoByTwo.TrainAsync(stack.Http, "on the stack", () => stack.Output, Cancel);

        Assert.Equal(4, matrix["cells"]!.AsArray().Count);
        await AssertShownAsync(stack, (string)answer["id"]!);
        await AssertNobodyElseComesInAsync(stack);
        foreach (var (service, may) in new[] { ("scheduler", true), ("runner", false), ("web", false) })
        {
            Assert.Equal(may, await MayAsync(stack, service, "UPDATE runs SET state = 'Cancelled' WHERE false"));
            Assert.False(await MayAsync(stack, service, "DROP TABLE runs"));
            Assert.Equal(service == "web", await MayAsync(stack, service, "SELECT password_hash FROM users"));
        }
    }

    private async Task AssertShownAsync(ComposeStack stack, string experiment)
    {
        await using var browser = await chromium.OpenAsync(stack.Door);
        await browser.GoAsync($"/experiments/{experiment}");
        await Assertions.Expect(browser.Page.GetByTestId("matrix-cell")).ToHaveCountAsync(4);
        await Assertions.Expect(browser.Page.GetByTestId("experiment-progress")).ToHaveTextAsync("100 %");
        Assert.Empty(browser.Problems);
    }

    private static async Task AssertNobodyElseComesInAsync(ComposeStack stack)
    {
        using var stranger = new HttpClient { BaseAddress = stack.Http.BaseAddress };
        using var refused = await stranger.GetAsync(new Uri("api/v1/runs", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static async Task<bool> MayAsync(ComposeStack stack, string service, string sql)
    {
        await using var connection = stack.Connect(service);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        try
        {
            await command.ExecuteNonQueryAsync(Cancel);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }
}
