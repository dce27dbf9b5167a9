using MaeLab.Web.Access;
using Microsoft.Extensions.Options;

namespace MaeLab.Web;

/// <summary>Without accounts whoever reads the log may do everything, and nothing is encrypted: then web is for this machine alone. Judged by the settings, before anything listens.</summary>
internal sealed class ListeningCheck(IConfiguration configuration) : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options) =>
        options.Access == AccessMode.Local && Addresses().FirstOrDefault(address => !IsOfThisMachine(address)) is { } open
            ? ValidateOptionsResult.Fail(
                $"{WebOptions.Section}:{nameof(WebOptions.Access)}: must be {nameof(AccessMode.Accounts)} while others can reach {open} and use this machine; or listen on 127.0.0.1.")
            : ValidateOptionsResult.Success;

    /// <summary>As Kestrel finds them: endpoints of its own section first, then URLS, then the ports, which are those of all addresses.</summary>
    private IEnumerable<string> Addresses()
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? "").ToList();
        return endpoints.Count > 0 ? endpoints
            : Split("urls") is { Length: > 0 } urls ? urls
            : Split("http_ports").Concat(Split("https_ports")).Select(port => $"http://*:{port}");
    }

    private string[] Split(string key) =>
        configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static bool IsOfThisMachine(string address) => BindingAddress.Parse(address).Host is var host
        && (host == "localhost" || (Uri.TryCreate($"http://{host}", UriKind.Absolute, out var uri) && uri.IsLoopback));
}
