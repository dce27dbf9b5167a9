using System.Globalization;
using System.Text.RegularExpressions;

namespace MaeLab.System.Tests.Observability;

/// <summary>What a /metrics says, read by the rules of the Prometheus text format: a line that keeps none of them is an error.</summary>
internal sealed partial class Exposition
{
    private readonly List<Sample> _samples = [];

    private Exposition(string text)
    {
        var types = new HashSet<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#')
            {
                Assert.Matches("^# (TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (counter|gauge|histogram|summary|untyped|info|unknown)|(HELP|UNIT) [a-zA-Z_:][a-zA-Z0-9_:]* .*|EOF)$", line);
                types.UnionWith(line.StartsWith("# TYPE ", StringComparison.Ordinal) ? [line.Split(' ')[2]] : []);
                continue;
            }

            var match = SampleLine().Match(line);
            Assert.True(match.Success, $"No sample: {line}");
            var name = match.Groups["name"].Value;
            Assert.Contains(types, type => name == type || HistogramParts.Any(part => name == type + part));
            _samples.Add(new(name, match.Groups["labels"].Value, ReadValue(match.Groups["value"].Value)));
        }
    }

    private static string[] HistogramParts { get; } = ["_bucket", "_sum", "_count", "_total", "_info"];

    public IReadOnlySet<string> Names => _samples.Select(sample => sample.Name).ToHashSet();

    public IEnumerable<string> OwnNames => Names.Where(name => name.StartsWith("maelab_", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static async Task<Exposition> ScrapeAsync(HttpClient http, Uri service, CancellationToken cancellationToken) =>
        new(await http.GetStringAsync(new Uri(service, "metrics"), cancellationToken));

    /// <returns>Null where there is no such sample.</returns>
    public double? ValueOf(string name, string label = "") =>
        _samples.Where(sample => sample.Name == name && sample.Labels.Contains(label, StringComparison.Ordinal)).Select(sample => (double?)sample.Value).SingleOrDefault();

    private static double ReadValue(string value) => value switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(value, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)*)\})? (?<value>\S+)( -?[0-9.]+)?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex SampleLine();

    private sealed record Sample(string Name, string Labels, double Value);
}
