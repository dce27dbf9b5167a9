using Microsoft.Playwright;

namespace MaeLab.Testing.Browsers;

/// <summary>A page in a browser profile of its own; gone when disposed.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _problems = [];

    internal BrowserPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.SetDefaultTimeout(Chromium.PatienceMilliseconds);
        page.Console += (_, message) => Note(message.Type == "error", $"console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"script error: {error}");
        page.Response += (_, response) => Note(response.Status >= 400, $"{response.Status} {response.Url}");
    }

    public IPage Page { get; }

    /// <summary>Errors on the console, uncaught script errors and answers of 400 and above, since the page was opened.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (_problems)
            {
                return [.. _problems];
            }
        }
    }

    /// <summary>Before the page is loaded: scripts whose address contains the name have a text replaced by another, so that they note what they do.</summary>
    public Task ChangeScriptAsync(string name, string text, string other) => Page.RouteAsync(url => url.Contains(name, StringComparison.Ordinal), async route =>
    {
        var script = await (await route.FetchAsync()).TextAsync();
        await route.FulfillAsync(new() { ContentType = "text/javascript", Body = script.Replace(text, other, StringComparison.Ordinal) });
    });

    /// <summary>Goes there and waits until the page answers to clicks and keys, not only shows what the server had prepared.</summary>
    public async Task GoAsync(string address)
    {
        await Page.GotoAsync(address);
        await InteractiveAsync();
    }

    public Task InteractiveAsync() => Page.Locator("main[data-interactive=true]").WaitForAsync();

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(bool isProblem, string what)
    {
        if (isProblem)
        {
            lock (_problems)
            {
                _problems.Add(what);
            }
        }
    }
}
