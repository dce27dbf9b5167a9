using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Caching.Memory;

namespace MaeLab.Web.Browser;

/// <summary>
/// Every page is rendered twice: into the first answer, and again when its circuit starts. What the first rendering read
/// is kept here for a moment and taken by the second, so that nothing is read twice and the page does not flicker. Only
/// a key travels through the browser; without it, or in another process, the page simply reads again.
/// </summary>
public sealed class PrerenderHandover(PersistentComponentState state, IMemoryCache cache) : IDisposable
{
    private static readonly TimeSpan s_keep = TimeSpan.FromSeconds(30);

    private readonly List<PersistingComponentStateSubscription> _subscriptions = [];

    /// <summary>Reads, or takes what prerendering has read for this circuit.</summary>
    /// <param name="name">Of this value among all that one page reads.</param>
    public Task<T> ReadOnceAsync<T>(RendererInfo renderer, string name, Func<Task<T>> read) =>
        renderer.IsInteractive ? TakeOrReadAsync(name, read) : ReadAndKeepAsync(name, read);

    /// <summary>While prerendering: reads, and keeps the value for the circuit that will follow.</summary>
    /// <inheritdoc cref="ReadOnceAsync"/>
    private async Task<T> ReadAndKeepAsync<T>(string name, Func<Task<T>> read)
    {
        var value = await read();
        _subscriptions.Add(state.RegisterOnPersisting(() =>
        {
            var key = Guid.CreateVersion7();
            cache.Set(key, value, s_keep);
            state.PersistAsJson(name, key);
            return Task.CompletedTask;
        }));
        return value;
    }

    /// <summary>In a circuit: takes what prerendering kept, or reads.</summary>
    /// <inheritdoc cref="ReadOnceAsync"/>
    private Task<T> TakeOrReadAsync<T>(string name, Func<Task<T>> read)
    {
        if (state.TryTakeFromJson<Guid>(name, out var key) && cache.TryGetValue<T>(key, out var kept))
        {
            cache.Remove(key);
            return Task.FromResult(kept!);
        }

        return read();
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
}

public static class PrerenderHandoverRegistration
{
    public static IServiceCollection AddPrerenderHandover(this IServiceCollection services) =>
        services.AddMemoryCache().AddScoped<PrerenderHandover>();
}
