using System.Text.RegularExpressions;

namespace MaeLab.Architecture.Tests;

/// <summary>
/// The bus names a queue after the class of its consumer: two classes of one name in two services would share a queue
/// and take each other's messages.
/// </summary>
public sealed partial class ConsumerTests
{
    [Fact]
    public void Consumers_have_names_of_their_own_across_all_services() =>
        Repository.AssertNone(Violations(Repository.CSharp.Where(file => !file.Path.StartsWith("tests/", StringComparison.Ordinal))));

    [Fact]
    public void Two_consumers_of_one_name_are_told() =>
        Assert.Equal(
            ["RunEndedConsumer stands in scheduler/A.cs and web/B.cs; consumers of one name share a queue."],
            Violations([
                ("scheduler/A.cs", "public sealed class RunEndedConsumer(IClock clock) : IConsumer<RunEnded>\n{"),
                ("web/B.cs", "internal sealed class RunEndedConsumer\n    : Base, IConsumer<RunEnded>\n{"),
                ("web/C.cs", "internal sealed class RunEndedHint : IConsumer<RunEnded>\n{"),
            ]));

    private static IEnumerable<string> Violations(IEnumerable<(string Path, string Text)> files) =>
        from file in files
        from Match consumer in Consumer().Matches(file.Text)
        group file.Path by consumer.Groups["name"].Value into sameName
        where sameName.Count() > 1
        select $"{sameName.Key} stands in {string.Join(" and ", sameName)}; consumers of one name share a queue.";

    [GeneratedRegex(@"\bclass\s+(?<name>\w+)[^{;]*?\bIConsumer<")]
    private static partial Regex Consumer();
}
