using System.Text.RegularExpressions;

namespace MaeLab.System.Tests.Compose;

/// <summary>The Dockerfile as a list of stages.</summary>
internal sealed partial class ImageFile
{
    private readonly List<ImageStage> _stages = [];

    private ImageFile(string text)
    {
        foreach (var line in Continuation().Replace(text, " ").Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var (word, rest) = (line.Split(' ', 2)[0], line.Split(' ', 2)[1].Trim());
            if (word == "FROM")
            {
                var parts = rest.Split(" AS ");
                _stages.Add(new(parts[1], parts[0], []));
            }
            else
            {
                _stages[^1].Steps.Add((word, rest));
            }
        }
    }

    public IReadOnlyList<ImageStage> Stages => _stages;

    public static ImageFile Read(string path) => new(File.ReadAllText(path));

    /// <summary>The stage and those it is built from, its own first.</summary>
    public IEnumerable<ImageStage> LineOf(string name)
    {
        for (var stage = Find(name); stage is not null; stage = Find(stage.From))
        {
            yield return stage;
        }
    }

    /// <summary>Who the processes of a stage run as; null: root.</summary>
    public string? UserOf(string name) => LineOf(name).Select(stage => stage.Steps.LastOrDefault(step => step.Word == "USER").Text).FirstOrDefault(user => user is not null);

    /// <summary>The command that makes what a stage takes over from another one.</summary>
    public string PublishCommandOf(string name)
    {
        var source = Find(name)!.Steps.Where(step => step.Word == "COPY").Select(step => CopiedFrom().Match(step.Text).Groups[1].Value).Last();
        return Find(source)!.Steps.Single(step => step.Word == "RUN" && step.Text.StartsWith("dotnet publish ", StringComparison.Ordinal)).Text;
    }

    /// <summary>What <c>ENV</c> gives the processes of a stage.</summary>
    public Dictionary<string, string> EnvironmentOf(string name)
    {
        var environment = new Dictionary<string, string>();
        foreach (var (_, text) in LineOf(name).Reverse().SelectMany(stage => stage.Steps).Where(step => step.Word == "ENV"))
        {
            foreach (Match setting in Setting().Matches(text))
            {
                environment[setting.Groups["name"].Value] = setting.Groups["value"].Value;
            }
        }

        return environment;
    }

    public string EntryPointOf(string name) => EntryPoint().Match(Find(name)!.Steps.Single(step => step.Word == "ENTRYPOINT").Text).Groups[1].Value;

    private ImageStage? Find(string name) => _stages.Find(stage => stage.Name == name);

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();

    [GeneratedRegex("""(?<name>\w+)=(?:"(?<value>[^"]*)"|(?<value>\S+))""")]
    private static partial Regex Setting();

    [GeneratedRegex("^--from=([a-z-]+) /out")]
    private static partial Regex CopiedFrom();

    [GeneratedRegex("""^\["dotnet", "([A-Za-z.]+)"\]$""")]
    private static partial Regex EntryPoint();
}

/// <param name="From">An image, or the name of an earlier stage.</param>
internal sealed record ImageStage(string Name, string From, List<(string Word, string Text)> Steps);
