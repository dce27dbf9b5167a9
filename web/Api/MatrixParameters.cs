using System.ComponentModel;
using MaeLab.Domain.Ablations;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Experiments;

namespace MaeLab.Web.Api;

/// <summary>What spans a matrix; all may be left out.</summary>
internal sealed record MatrixParameters(
    [property: Description("Factor, or seed; patchSize where it is a factor.")] string? Rows,
    [property: Description("Factor, or seed; maskRatio where it is a factor.")] string? Columns,
    [property: Description("Factor held at one level, as field:level; may be repeated. Other factors are at the baseline in a star, and averaged over in a grid.")] string[]? Fixed)
{
    /// <param name="metrics">Names of the series that the experiment has so far.</param>
    public MatrixQuery ToQuery(ExperimentDetail experiment, ValueParameters value, IReadOnlyList<string> metrics, RequestErrors errors)
    {
        var fields = MatrixQuery.FieldsOf(experiment.Axes);
        CheckField("rows", Rows);
        CheckField("columns", Columns);
        if (Rows is not null && Rows == Columns)
        {
            errors.Add("columns", $"'{Columns}' spans the rows already; the two must differ.");
        }

        return MatrixQuery.Create(experiment.Axes, Rows, Columns, value.Metric, metrics, value.ToChoice(errors), ReadFixed(experiment.Axes, errors));

        void CheckField(string name, string? field)
        {
            if (field is not null && !fields.Contains(field))
            {
                errors.Add(name, $"'{field}' is no factor of this experiment; they are {string.Join(", ", fields)}.");
            }
        }
    }

    private Dictionary<string, string> ReadFixed(IReadOnlyList<Axis> axes, RequestErrors errors)
    {
        var held = new Dictionary<string, string>();
        foreach (var text in Fixed ?? [])
        {
            var (field, word) = text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? (text[..colon], text[(colon + 1)..]) : (text, "");
            // A level is a JSON literal; a word may come with or without its quotes.
            var level = axes.FirstOrDefault(axis => axis.Field == field)?.Levels.FirstOrDefault(literal => literal == word || literal == $"\"{word}\"");
            if (level is not null)
            {
                held[field] = level;
            }
            else
            {
                errors.Add("fixed", $"'{text}' is no factor with one of its levels; write field:level, for example maskRatio:0.75.");
            }
        }

        return held;
    }
}
