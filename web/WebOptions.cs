using MaeLab.Contracts;
using MaeLab.Hosting.Options;

namespace MaeLab.Web;

/// <summary>Configuration section <c>Web</c>.</summary>
public sealed class WebOptions : ICheckedOptions
{
    public const string Section = "Web";

    /// <summary>
    /// When set, every request needs it: the API as <c>Authorization: Bearer</c>, the pages once as <c>/?token=</c>, which
    /// leaves a cookie. Null: open to all who can reach the address.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>What is opened to be looked at and not to be changed, as the bar on every page calls it; null: changes are possible.</summary>
    public string? ReadOnly { get; set; }

    /// <summary>A runner that has not reported for this long is shown as lost; the scheduler's lease, by default.</summary>
    public TimeSpan RunnerLostAfter { get; set; } = LeaseTerm.Default;

    public IEnumerable<OptionProblem> Check()
    {
        if (Token is not null && string.IsNullOrWhiteSpace(Token))
        {
            yield return new(nameof(Token), "is empty; give a long random word, or leave the setting out to let everyone in.");
        }

        if (RunnerLostAfter <= TimeSpan.Zero)
        {
            yield return new(nameof(RunnerLostAfter), $"must be longer than zero, for example 00:00:15 (it is {RunnerLostAfter}).");
        }
    }
}
