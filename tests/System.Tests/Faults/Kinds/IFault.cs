namespace MaeLab.System.Tests.Faults.Kinds;

/// <summary>Something that goes wrong for a while.</summary>
public interface IFault
{
    string Name { get; }

    Task BeginAsync();

    Task EndAsync();
}
