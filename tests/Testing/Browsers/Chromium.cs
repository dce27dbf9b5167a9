using Microsoft.Playwright;

namespace MaeLab.Testing.Browsers;

/// <summary>
/// The machine's Chromium for the tests of an assembly: <c>[assembly: AssemblyFixture(typeof(Chromium))]</c>,
/// started when the first test asks. Nothing is downloaded.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>Environment variable: path of the browser, where it is not found by its usual names.</summary>
    public const string Variable = "MAELAB_TEST_CHROMIUM";

    private static readonly string[] s_usualPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // No sandbox: it cannot be had as root. The rest keeps the browser from calling its maker.
    private static readonly string[] s_arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    /// <summary>How long a page may take: a machine busy with training and other tests needs a while.</summary>
    internal const float PatienceMilliseconds = 60_000;

    private readonly SemaphoreSlim _starting = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A page with a profile of its own behind the door, at the given size, that keeps a record of what went wrong in it.</summary>
    public async Task<BrowserPage> OpenAsync(Door door, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var browser = await StartAsync();
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = door.Address.ToString(),
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
        });
        await context.AddCookiesAsync(door.Cookies);
        return new BrowserPage(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }

    private async Task<IBrowser> StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_browser is null)
            {
                var path = Environment.GetEnvironmentVariable(Variable) ?? s_usualPaths.FirstOrDefault(File.Exists);
                if (path is null)
                {
                    Prerequisite.Missing($"No Chromium at {string.Join(", ", s_usualPaths)}. Install it (apt-get install chromium) or set {Variable}.");
                }

                _playwright = await Playwright.CreateAsync();
                Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
                _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = s_arguments });
            }

            return _browser;
        }
        finally
        {
            _starting.Release();
        }
    }
}
