namespace MaeLab.Hosting.Bus;

/// <summary>A command that no try could carry out, as it waits in an error queue.</summary>
/// <param name="Id">The message's own; of its body where it has none.</param>
/// <param name="Type">The message's name, for example <c>ControlRun</c>.</param>
/// <param name="Consumer">Who failed, for example <c>ControlRunConsumer</c>; null where nobody took it.</param>
/// <param name="Error">Type and message of the exception; null where nobody took it.</param>
/// <param name="Body">What it says, as JSON.</param>
public sealed record FailedMessage(string Id, string Type, string? Consumer, string? Error, DateTimeOffset? FailedAt, string Body);
