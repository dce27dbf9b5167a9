using System.CommandLine;

namespace MaeLab.Local;

/// <summary>The command line of the one-process MaeLab.</summary>
internal sealed class LocalCommand : RootCommand
{
    private readonly Option<DirectoryInfo> _data = new("--data")
    {
        Description = "Folder for the database and the runner's files.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new(LocalSettings.DefaultDataFolder),
    };

    private readonly Option<string?> _urls = new("--urls")
    {
        Description = $"Address to listen on; by default the first free port from {LocalSettings.FirstPort} on 127.0.0.1.",
        HelpName = "URL",
    };

    private readonly Option<bool> _demo = new("--demo") { Description = "Submit a small ablation to watch: 12 runs, a few minutes." };

    private readonly Option<string[]> _open = new("--open")
    {
        Description = "Archive of an experiment to look at, read-only and without a runner: a file, or one that comes with MaeLab (studies/NAME). May be repeated.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _import = new("--import")
    {
        Description = "Archive of an experiment to bring into the data folder before anything starts. May be repeated.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = "Token with which programs may do everything (Authorization: Bearer TOKEN), beside those that the page Tokens makes.",
        HelpName = "TOKEN",
    };

    public LocalCommand()
        : base("MaeLab in one process: pages, scheduler and a runner on this machine. Further settings come from environment and --Section:Key=value.")
    {
        Add(_data);
        Add(_urls);
        Add(_demo);
        Add(_token);
        Add(_open);
        Add(_import);
        TreatUnmatchedTokensAsErrors = false;
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments)
    {
        var settings = new LocalSettings(
            arguments.GetRequiredValue(_data).FullName,
            arguments.GetValue(_urls) ?? LocalSettings.FreeAddress(),
            arguments.GetValue(_token),
            arguments.GetValue(_demo),
            arguments.GetValue(_open) ?? [],
            arguments.GetValue(_import) ?? []);
        if (settings.Problem(arguments.UnmatchedTokens) is { } problem)
        {
            await Console.Error.WriteLineAsync(problem);
            return 2;
        }

        string[] others = [.. arguments.UnmatchedTokens];
        return settings.Opened.Count > 0 ? await OpenedArchives.RunAsync(settings, others)
            : await ImportedArchives.ImportAsync(settings) ? await LocalHost.RunAsync(settings, others)
            : 1;
    }
}
