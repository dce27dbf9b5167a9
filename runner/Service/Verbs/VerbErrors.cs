using MaeLab.Domain;

namespace MaeLab.Runner.Verbs;

/// <summary>How a verb says what is wrong: a line each on standard error.</summary>
internal static class VerbErrors
{
    /// <returns>The exit code of a failure.</returns>
    public static int Print(IEnumerable<FieldError> errors) => Print([.. errors.Select(error => $"{error.Field}: {error.Message}")]);

    /// <inheritdoc cref="Print(IEnumerable{FieldError})"/>
    public static int Print(params IReadOnlyList<string> messages)
    {
        foreach (var message in messages)
        {
            Console.Error.WriteLine(message);
        }

        return 1;
    }
}
