using System.Collections.Concurrent;

namespace MaeLab.Web.Live;

/// <summary>
/// From the bus to the pages of this process. A hint may be lost and says only where to look again, so nothing is
/// queued here: a subscriber is told, and decides when to read.
/// </summary>
public sealed class LiveFeed
{
    private readonly ConcurrentDictionary<Subscription, byte> _subscriptions = new();

    /// <param name="onHint">Called on the bus's thread for every hint in scope; must return at once and not throw.</param>
    /// <returns>Ends the subscription when disposed.</returns>
    public IDisposable Subscribe(LiveScope scope, Action onHint)
    {
        var subscription = new Subscription(this, scope, onHint);
        _subscriptions.TryAdd(subscription, 0);
        return subscription;
    }

    public void Publish(LiveHint hint)
    {
        foreach (var (subscription, _) in _subscriptions)
        {
            if (subscription.Scope.Covers(hint))
            {
                subscription.OnHint();
            }
        }
    }

    private sealed class Subscription(LiveFeed feed, LiveScope scope, Action onHint) : IDisposable
    {
        public LiveScope Scope => scope;

        public Action OnHint => onHint;

        public void Dispose() => feed._subscriptions.TryRemove(this, out _);
    }
}
