using System.Net;
using System.Net.Sockets;

namespace MaeLab.Local;

/// <param name="Opened">Archives to be looked at alone.</param>
/// <param name="Imported">Archives to bring into the data folder first.</param>
/// <param name="Urls">One or more addresses, separated by semicolons.</param>
internal sealed record LocalSettings(string DataFolder, string Urls, string? Token, bool Demo, IReadOnlyList<string> Opened, IReadOnlyList<string> Imported)
{
    public const int FirstPort = 5210;

    /// <summary>Where the system keeps a person's data (~/.local/share/MaeLab, %LocalAppData%\MaeLab); ./data where it has no such place.</summary>
    public static string DefaultDataFolder { get; } =
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } folder
            ? Path.Combine(folder, "MaeLab")
            : Path.GetFullPath("data");

    public static string FreeAddress() => $"http://127.0.0.1:{Enumerable.Range(FirstPort, 100).First(IsFree)}";

    public string DatabaseFile => Path.Combine(DataFolder, "maelab.db");

    /// <returns>What is wrong with the command line; null when all is well.</returns>
    public string? Problem(IReadOnlyList<string> otherArguments)
    {
        if (otherArguments.FirstOrDefault(argument => !argument.StartsWith("--", StringComparison.Ordinal) || !argument.Contains(':')) is { } unknown)
        {
            return $"'{unknown}' is no option of MaeLab; --help lists them, settings look like --Runner:Threads=2.";
        }

        if (Opened.Count > 0 && (Imported.Count > 0 || Demo))
        {
            return "--open shows archives and changes nothing: leave --import and --demo out.";
        }

        foreach (var url in Urls.Split(';'))
        {
            if (!Uri.TryCreate(url.Replace("*", "0.0.0.0").Replace("+", "0.0.0.0"), UriKind.Absolute, out var address)
                || address.Scheme is not ("http" or "https"))
            {
                return $"--urls {url}: write an address such as http://127.0.0.1:{FirstPort}.";
            }
        }

        return Token is { } token && string.IsNullOrWhiteSpace(token) ? "--token is empty; give a long random word." : null;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
