namespace MaeLab.Hosting.Bus;

/// <param name="Count">All that failed.</param>
/// <param name="Shown">The oldest of them that were looked at.</param>
public sealed record FailedCommands(uint Count, IReadOnlyList<FailedMessage> Shown)
{
    public static FailedCommands None { get; } = new(0, []);
}
