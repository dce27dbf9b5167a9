namespace MaeLab.Web.Access;

/// <summary>Who is let in (<see cref="WebOptions.Access"/>).</summary>
public enum AccessMode
{
    /// <summary>Whoever opens the link that web logs, from this machine alone; they may do everything.</summary>
    Local,

    /// <summary>Users with names, passwords and roles.</summary>
    Accounts,
}
