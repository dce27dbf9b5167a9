using System.Text;
using System.Text.RegularExpressions;
using MaeLab.Domain.Runs;

namespace MaeLab.Web.Tests.Access.Changes;

/// <summary>A request of the API that is no GET, as it succeeds.</summary>
/// <param name="Key">As in <see cref="RoleTable"/>.</param>
/// <param name="Id">What it is about; null: nothing that is there yet.</param>
/// <param name="Body">Null: it takes none.</param>
/// <param name="Action">What the audit log then has; null: nothing was changed.</param>
internal sealed partial record ChangeRequest(string Key, Func<ChangeSubjects, Guid>? Id, Func<ChangeSubjects, string>? Body, string? Action)
{
    private const string Definition = """{"name":"asked","preset":"nano"}""";

    public static IReadOnlyDictionary<string, ChangeRequest> All { get; } = new ChangeRequest[]
    {
        new("POST /api/v1/checkpoints/{id:guid}/theory", s => s.Checkpoint, null, "RequestTheory"),
        new("POST /api/v1/experiments", null, _ => Definition, "SubmitExperiment"),
        // Nothing comes of it.
        new("POST /api/v1/experiments/preview", null, _ => Definition, null),
        new("POST /api/v1/experiments/{id:guid}/cancel", s => s.Experiment, null, "CancelRun"),
        new("POST /api/v1/experiments/{id:guid}/cells", s => s.Star, _ => """{"levels":{"patchSize":7,"maskRatio":0.5}}""", "QueueCell"),
        new("POST /api/v1/experiments/{id:guid}/theory", s => s.Experiment, null, "RequestTheory"),
        new("PATCH /api/v1/experiments/{id:guid}", s => s.Experiment, _ => """{"priority":5}""", "ChangeExperiment"),
        new("PATCH /api/v1/experiments/{id:guid}/cells/{cell}", s => s.Experiment, _ => """{"priority":-1}""", "PrioritizeRuns"),
        new("PUT /api/v1/experiments/{id:guid}/note", s => s.Experiment, _ => """{"note":"What we wanted to know"}""", "AnnotateExperiment"),
        new("DELETE /api/v1/runs/{id:guid}", s => s.Runs[RunState.Completed], null, "DeleteRuns"),
        new("PATCH /api/v1/runs/{id:guid}", s => s.Runs[RunState.Queued], _ => """{"priority":3}""", "PrioritizeRuns"),
        new("PATCH /api/v1/runs/{id:guid}/annotation", s => s.Runs[RunState.Completed], _ => """{"tags":["paper"],"archived":true,"note":"odd"}""", "AnnotateRuns"),
        new("POST /api/v1/runs/{id:guid}/cancel", s => s.Runs[RunState.Queued], null, "CancelRun"),
        new("POST /api/v1/runs/{id:guid}/move", s => s.Runs[RunState.Queued], _ => "{}", "MoveRuns"),
        new("POST /api/v1/runs/{id:guid}/pause", s => s.Runs[RunState.Running], null, "PauseRun"),
        new("POST /api/v1/runs/{id:guid}/restore", s => s.DeletedRun, null, "RestoreRuns"),
        new("POST /api/v1/runs/{id:guid}/resume", s => s.Runs[RunState.Paused], null, "ResumeRun"),
        new("POST /api/v1/runs/{id:guid}/retry", s => s.Runs[RunState.Failed], null, "RetryRun"),
        new("POST /api/v1/views", null, _ => $$"""{"name":"{{Guid.NewGuid()}}","query":"state=failed"}""", "AddView"),
        new("PATCH /api/v1/views/{id:guid}", s => s.View, _ => """{"query":"state=queued"}""", "ChangeView"),
        new("DELETE /api/v1/views/{id:guid}", s => s.View, null, "DeleteView"),
        new("POST /api/v1/webhooks", null, _ => """{"url":"https://example.org/hook","secret":"a secret of sixteen or more","events":["completed"]}""", "AddWebhook"),
        new("PATCH /api/v1/webhooks/{id:guid}", s => s.Webhook, _ => """{"enabled":false}""", "DisableWebhook"),
        new("DELETE /api/v1/webhooks/{id:guid}", s => s.Webhook, null, "DeleteWebhook"),
        new("POST /api/v1/users", null, _ => $$"""{"name":"{{Guid.NewGuid()}}","password":"correct horse battery","role":"viewer"}""", "CreateUser"),
        new("PATCH /api/v1/users/{id:guid}", s => s.User, _ => """{"disabled":true}""", "DisableUser"),
        new("POST /api/v1/tokens", null, _ => """{"name":"notebook","scope":"viewer","days":7}""", "CreateToken"),
        new("DELETE /api/v1/tokens/{id:guid}", s => s.Token, null, "RevokeToken"),
        // Who asks is written down before anybody looks whether the message is still there.
        new("POST /api/v1/failed-messages/{message}/discard", null, null, "DiscardMessage"),
        new("POST /api/v1/failed-messages/{message}/requeue", null, null, "RequeueMessage"),
    }.ToDictionary(request => request.Key);

    public string AddressFor(ChangeSubjects subjects) => Parameter().Replace(Key.Split(' ')[1], match =>
        match.Value.Contains("guid", StringComparison.Ordinal) ? Id!(subjects).ToString() : match.Value == "{cell}" ? "1" : Guid.Empty.ToString());

    /// <param name="body">Instead of its own.</param>
    public HttpRequestMessage MessageFor(ChangeSubjects subjects, string? body = null) => new(new(Key.Split(' ')[0]), AddressFor(subjects))
    {
        Content = (body ?? Body?.Invoke(subjects)) is { } json ? new StringContent(json, Encoding.UTF8, "application/json") : null,
    };

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
