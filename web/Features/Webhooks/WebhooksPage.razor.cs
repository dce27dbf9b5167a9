using MaeLab.Domain.Webhooks;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Experiments;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Webhooks;

/// <summary>Webhooks, for administrators: to register, to switch, and to see what became of deliveries.</summary>
public sealed partial class WebhooksPage
{
    /// <summary>So many experiments, the newest, can be chosen from; any other by the API.</summary>
    private const int Choices = 100;

    private readonly HashSet<string> _events = [.. WebhookRules.Events];
    private IReadOnlyList<Webhook> _webhooks = [];
    private IReadOnlyList<WebhookDelivery> _deliveries = [];
    private IReadOnlyList<ExperimentSummary> _experiments = [];
    private IReadOnlyList<string> _problems = [];
    private Webhook? _shown;
    private string? _secret;
    private string _url = "";
    private Guid? _experiment;

    [Inject]
    public required WebhookStore Store { get; init; }

    [Inject]
    public required ExperimentReader Experiments { get; init; }

    [Inject]
    public required CurrentActor Me { get; init; }

    protected override async Task OnInitializedAsync()
    {
        _webhooks = await Store.ListAsync(Left);
        _experiments = (await Experiments.ListAsync(null, Choices, Left)).Items;
    }

    private static string WordOf(Webhook hook) => hook is { Enabled: true, GaveUp: false } ? "Disable" : "Enable";

    private void Toggle(string word)
    {
        if (!_events.Remove(word))
        {
            _events.Add(word);
        }
    }

    private async Task AddAsync()
    {
        _secret = null;
        var url = _url.Trim();
        _problems = [.. WebhookRules.Check(url, null, [.. _events]).Select(error => error.Message)];
        if (_problems.Count == 0)
        {
            _secret = (await Store.AddAsync(await Me.GetAsync(), url, null, _experiment, [.. WebhookRules.Events.Where(_events.Contains)], Left)).Secret;
            _url = "";
            _webhooks = await Store.ListAsync(Left);
        }
    }

    private async Task SwitchAsync(Webhook hook)
    {
        await Store.SwitchAsync(await Me.GetAsync(), hook.Id, WordOf(hook) == "Enable", Left);
        _webhooks = await Store.ListAsync(Left);
    }

    private async Task DeleteAsync(Webhook hook)
    {
        await Store.DeleteAsync(await Me.GetAsync(), hook.Id, Left);
        _shown = _shown?.Id == hook.Id ? null : _shown;
        _webhooks = await Store.ListAsync(Left);
    }

    private async Task ShowAsync(Webhook hook) => (_shown, _deliveries) = (hook, await Store.DeliveriesAsync(hook.Id, Left));
}
