namespace MaeLab.Contracts;

/// <summary>How long a runner may be silent before its runs go to others: what scheduler, runner and web must agree on.</summary>
public static class LeaseTerm
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(15);
}
