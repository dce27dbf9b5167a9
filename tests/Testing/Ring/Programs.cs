namespace MaeLab.Testing.Ring;

/// <summary>The services' programs as <see cref="ServiceProcess.Start"/> takes them.</summary>
public static class Programs
{
    public const string Scheduler = "scheduler/MaeLab.Scheduler.dll";
    public const string Runner = "runner/Service/MaeLab.Runner.dll";
    public const string Local = "compose/Local/MaeLab.Local.dll";
    public const string Web = "web/MaeLab.Web.dll";
}
