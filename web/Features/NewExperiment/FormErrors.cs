using MaeLab.Domain;

namespace MaeLab.Web.Features.NewExperiment;

/// <summary>Everything that is wrong, by the field it is shown at.</summary>
public sealed class FormErrors(IReadOnlyList<FieldError> errors)
{
    public static FormErrors None { get; } = new([]);

    public bool Any => errors.Count > 0;

    public int Count => errors.Count;

    public IReadOnlyList<string> Of(string field) => [.. errors.Where(error => error.Field == field).Select(error => error.Message)];

    /// <summary>Of a factor as a whole and of its levels.</summary>
    public IReadOnlyList<string> OfFactor(string path) =>
        [.. errors.Where(error => error.Field == $"axes.{path}" || error.Field.StartsWith($"axes.{path}[", StringComparison.Ordinal)).Select(error => error.Message).Distinct()];

    public bool IsLevelWrong(string path, int level) => errors.Any(error => error.Field == $"axes.{path}[{level}]");

    /// <summary>What belongs to no input of the form.</summary>
    public IReadOnlyList<string> Elsewhere(IReadOnlyCollection<string> shown) =>
        [.. errors.Where(error => !shown.Contains(error.Field) && !shown.Any(field => error.Field.StartsWith(field + "[", StringComparison.Ordinal))).Select(error => error.Message)];
}
