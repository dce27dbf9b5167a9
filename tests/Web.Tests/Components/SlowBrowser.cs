using Microsoft.JSInterop;

namespace MaeLab.Web.Tests.Components;

/// <summary>A browser where a test decides when the one chart has been made.</summary>
internal sealed class SlowBrowser : IJSRuntime, IJSObjectReference
{
    /// <summary>Holds back <c>create</c>.</summary>
    public TaskCompletionSource Made { get; } = new();

    /// <summary>What the module and the chart were asked, in order.</summary>
    public List<string> Calls { get; } = [];

    public async ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args)
    {
        Calls.Add(identifier);
        if (identifier == "create")
        {
            await Made.Task;
        }

        return typeof(TValue) == typeof(IJSObjectReference) ? (TValue)(object)this : default!;
    }

    public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
        InvokeAsync<TValue>(identifier, args);

    public ValueTask DisposeAsync() => default;
}
