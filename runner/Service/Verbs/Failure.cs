using System.CommandLine;
using MaeLab.Domain;

namespace MaeLab.Runner.Verbs;

/// <summary>How a verb fails: messages on standard error and an exit code.</summary>
internal static class Failure
{
    /// <returns>The exit code.</returns>
    public static int Say(ParseResult arguments, IEnumerable<FieldError> errors) =>
        Say(arguments, [.. errors.Select(error => $"{error.Field}: {error.Message}")]);

    /// <inheritdoc cref="Say(ParseResult, IEnumerable{FieldError})"/>
    public static int Say(ParseResult arguments, params IReadOnlyList<string> messages)
    {
        foreach (var message in messages)
        {
            arguments.InvocationConfiguration.Error.WriteLine(message);
        }

        return 1;
    }
}
