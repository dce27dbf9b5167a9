using System.Text.Json;
using System.Text.Json.Nodes;
using MaeLab.Domain;
using MaeLab.Domain.Runs;
using MaeLab.Domain.Webhooks;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Storage.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Scheduler.Webhooks;

/// <summary>What webhooks are to be told of a run's end, stored together with it: neither is there without the other.</summary>
internal static class WebhookOutbox
{
    /// <param name="db">Of the transaction that stores the end.</param>
    public static async Task AddAsync(MaeLabDb db, RunRow run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (run.Kind != RunKind.Training)
        {
            return;
        }

        var word = WebhookRules.Word(run.State);
        var hooks = (await db.ThatWork().Where(hook => hook.ExperimentId == null || hook.ExperimentId == run.ExperimentId).AsNoTracking().ToListAsync(cancellationToken))
            .Where(hook => hook.Events.Contains(word)).ToList();
        if (hooks.Count == 0)
        {
            return;
        }

        var experiment = await db.Experiments.Where(row => row.Id == run.ExperimentId).Select(row => row.Name).SingleAsync(cancellationToken);
        foreach (var hook in hooks)
        {
            var id = Guid.CreateVersion7(now);
            db.WebhookDeliveries.Add(new()
            {
                Id = id,
                WebhookId = hook.Id,
                RunId = run.Id,
                Event = $"run.{word}",
                Payload = Payload(id, $"run.{word}", run, experiment, now),
                NextAt = now,
                CreatedAt = now,
            });
        }
    }

    private static string Payload(Guid delivery, string @event, RunRow run, string experiment, DateTimeOffset now) => JsonSerializer.Serialize(
        new
        {
            Delivery = delivery,
            Event = @event,
            At = now,
            Run = new
            {
                run.Id,
                run.ExperimentId,
                Experiment = experiment,
                run.Index,
                run.CellIndex,
                Levels = JsonNode.Parse(run.Levels),
                run.Seed,
                run.State,
                Reason = run.Reason == ReasonCode.None ? (ReasonCode?)null : run.Reason,
                run.ReasonText,
                run.Step,
                run.TotalSteps,
                Loss = run.Loss is { } loss && double.IsFinite(loss) ? loss : (double?)null,
                run.StartedAt,
                run.EndedAt,
            },
        },
        JsonDefaults.Options);
}
