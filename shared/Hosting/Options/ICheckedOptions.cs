namespace MaeLab.Hosting.Options;

/// <summary>Settings that know what is wrong with them. One class a configuration section.</summary>
public interface ICheckedOptions
{
    /// <returns>Every problem with the key it belongs to, relative to the section; empty when all is well.</returns>
    IEnumerable<OptionProblem> Check();
}

/// <param name="Key">Key below the section, for example <c>Slots</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record OptionProblem(string Key, string Message);
