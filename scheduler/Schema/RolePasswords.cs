using MaeLab.Hosting.Options;
using MaeLab.Storage.Roles;

namespace MaeLab.Scheduler.Schema;

/// <summary>Configuration section <c>Roles</c>: passwords of the roles that <see cref="MigrateVerb"/> makes; null leaves one out.</summary>
public sealed class RolePasswords : ICheckedOptions
{
    public const string Section = "Roles";

    private const int Shortest = 12;

    public string? Scheduler { get; set; }

    public string? Runner { get; set; }

    public string? Web { get; set; }

    public string? Reader { get; set; }

    internal Dictionary<DatabaseRole, string> Given() => new (DatabaseRole Role, string? Password)[]
    {
        (DatabaseRole.Scheduler, Scheduler), (DatabaseRole.Runner, Runner), (DatabaseRole.Web, Web), (DatabaseRole.Reader, Reader),
    }.Where(entry => entry.Password is not null).ToDictionary(entry => entry.Role, entry => entry.Password!);

    public IEnumerable<OptionProblem> Check() => Given()
        .Where(entry => entry.Value.Length < Shortest)
        .Select(entry => new OptionProblem(entry.Key.ToString(), $"must have at least {Shortest} characters; `openssl rand -hex 24` makes a good one."));
}
