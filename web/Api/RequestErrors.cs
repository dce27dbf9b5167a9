using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MaeLab.Domain;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MaeLab.Web.Api;

/// <summary>Collects everything that is wrong with the parameters of a request, each under its name.</summary>
internal sealed class RequestErrors
{
    public const int MaxLimit = 1000;

    private const int LongestText = 1000;

    private readonly List<FieldError> _errors = [];

    public bool Any => _errors.Count > 0;

    public void Add(string field, string message) => _errors.Add(new(field, message));

    /// <summary>How many items of a list.</summary>
    public int Limit(string? text) => (int)(Integer("limit", text, 1, MaxLimit) ?? 100);

    public long? Integer(string field, string? text, long least, long most)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Add(field, string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a whole number from {least:#,0} to {most:#,0}."));
        return null;
    }

    public double? Number(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
        {
            return value;
        }

        Add(field, $"'{text}' is not a number.");
        return null;
    }

    public Guid? Id(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (Guid.TryParse(text, out var id))
        {
            return id;
        }

        Add(field, $"'{text}' is not an id.");
        return null;
    }

    /// <summary>A word of the API for a value of <typeparamref name="T"/>, whatever its case.</summary>
    public bool Word<T>(string field, string text, [NotNullWhen(true)] out T? value)
        where T : struct, Enum
    {
        value = EnumWord.Find<T>(text);
        if (value is null)
        {
            var known = Enum.GetNames<T>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]);
            Add(field, $"'{text}' is unknown; use one of {string.Join(", ", known)}.");
        }

        return value is not null;
    }

    public ValidationProblem ToProblem() => ToProblem(_errors);

    /// <summary>400 with every message under the name of its parameter or the JSON path of its field; <c>$</c> is the body as a whole.</summary>
    public static ValidationProblem ToProblem(IEnumerable<FieldError> errors) => TypedResults.ValidationProblem(
        errors.GroupBy(error => error.Field.Length > 0 ? Short(error.Field) : "$")
            .ToDictionary(group => group.Key, group => group.Select(error => Short(error.Message)).ToArray()),
        detail: "Nothing was done. Every field in error is listed with what would be right.",
        title: "The request is not valid.");

    /// <summary>What was sent is in some of them; it is not sent back whole.</summary>
    private static string Short(string text) => text.Length <= LongestText ? text : $"{text[..LongestText]}…";
}
