namespace MaeLab.Domain.Accounts;

/// <summary>What somebody may do; each may do all that those before it may.</summary>
public enum UserRole
{
    /// <summary>Sees everything, changes nothing.</summary>
    Viewer,

    /// <summary>Submits, controls, deletes and annotates.</summary>
    Researcher,

    /// <summary>Users, failed messages, the audit log.</summary>
    Admin,
}
