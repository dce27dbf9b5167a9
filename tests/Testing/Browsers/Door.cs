using System.Net;
using System.Text.RegularExpressions;

namespace MaeLab.Testing.Browsers;

/// <summary>A web service, and the cookies of somebody who was let in.</summary>
public sealed partial class Door
{
    private readonly CookieContainer _cookies = new();

    private Door(Uri address) => Address = address;

    public Uri Address { get; }

    /// <summary>What lets them in.</summary>
    public string Cookie => _cookies.GetCookies(Address).Single(cookie => cookie.Name.StartsWith("maelab", StringComparison.Ordinal) && !cookie.Name.Contains("form", StringComparison.Ordinal)).Value;

    internal IEnumerable<Microsoft.Playwright.Cookie> Cookies =>
        _cookies.GetCookies(Address).Select(cookie => new Microsoft.Playwright.Cookie { Name = cookie.Name, Value = cookie.Value, Url = Address.ToString() });

    /// <summary>Nobody is let in.</summary>
    public static Door Closed(Uri address) => new(address);

    /// <param name="link">One-time link, as web logs it.</param>
    public static async Task<Door> OpenAsync(Uri link, CancellationToken cancellationToken)
    {
        var door = new Door(new(link.GetLeftPart(UriPartial.Authority)));
        using var http = door.CreateClient(redirects: false);
        using var answer = await http.GetAsync(link, cancellationToken);
        return answer.Headers.Location?.OriginalString == "/" ? door : throw new InvalidOperationException($"{link} does not open: {answer.StatusCode} {answer.Headers.Location}.");
    }

    /// <summary>Fills in the form, as a person would.</summary>
    /// <returns>Null where web does not know the name or the password.</returns>
    public static async Task<Door?> SignInAsync(Uri address, string name, string password, CancellationToken cancellationToken)
    {
        var door = new Door(address);
        using var http = door.CreateClient(redirects: false);
        using var answer = await door.PostFormAsync(http, "sign-in", new() { ["Input.Name"] = name, ["Input.Password"] = password }, cancellationToken);
        return answer.StatusCode == HttpStatusCode.Redirect ? door : null;
    }

    /// <summary>Sends the form of a page with its hidden fields.</summary>
    public async Task<HttpResponseMessage> PostFormAsync(HttpClient http, string page, Dictionary<string, string> fields, CancellationToken cancellationToken)
    {
        var html = await http.GetStringAsync(new Uri(Address, page), cancellationToken);
        foreach (Match hidden in HiddenField().Matches(html))
        {
            fields[hidden.Groups["name"].Value] = WebUtility.HtmlDecode(hidden.Groups["value"].Value);
        }

        return await http.PostAsync(new Uri(Address, page), new FormUrlEncodedContent(fields), cancellationToken);
    }

    /// <summary>Shares the cookies.</summary>
    public HttpClient CreateClient(bool redirects = true) =>
        new(new HttpClientHandler { CookieContainer = _cookies, AllowAutoRedirect = redirects }) { BaseAddress = Address };

    [GeneratedRegex("""<input type="hidden" name="(?<name>_[^"]+)" value="(?<value>[^"]*)""")]
    private static partial Regex HiddenField();
}
