using System.Text.RegularExpressions;

namespace MaeLab.Architecture.Tests;

/// <summary>Web sends nothing that was not checked and written down.</summary>
public sealed partial class CommandTests
{
    private const string Sender = "web/Access/CommandSender.cs";

    [Fact]
    public void Web_speaks_to_the_bus_in_one_place_alone() =>
        Repository.AssertNone(Violations(Repository.Files(".cs", ".razor").Where(file => file.Path.StartsWith("web/", StringComparison.Ordinal))));

    [Fact]
    public void Another_place_is_told()
    {
        Assert.Equal(
            ["web/A.razor: sends by itself; CommandSender checks who may, and writes it down."],
            Violations([("web/A.razor", "@inject IBus Bus"), (Sender, "CommandSender(IBus bus)"), ("web/B.cs", "feed.Publish(hint)")]));
        Assert.Contains(Repository.CSharp, file => file.Path == Sender && BusOfMassTransit().IsMatch(file.Text));
    }

    private static IEnumerable<string> Violations(IEnumerable<(string Path, string Text)> files) =>
        files.Where(file => file.Path != Sender && BusOfMassTransit().IsMatch(file.Text)).Select(file => $"{file.Path}: sends by itself; CommandSender checks who may, and writes it down.");

    [GeneratedRegex(@"\b(IBus|IBusControl|IPublishEndpoint|ISendEndpoint|ISendEndpointProvider|IScopedBus)\b")]
    private static partial Regex BusOfMassTransit();
}
