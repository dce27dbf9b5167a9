namespace MaeLab.Runner.Spooling;

/// <summary>A spool cannot be read past this place. What comes before it is whole.</summary>
/// <param name="isTorn">The file ends before the record does, as one whose writer was killed.</param>
internal sealed class SpoolDamagedException(string path, long offset, bool isTorn)
    : Exception(isTorn
        ? $"{path} ends within the record at byte {offset}: its writer was killed there, or the length is damaged. Nothing from there on can be used."
        : $"{path} is damaged: the record at byte {offset} has a wrong checksum or an unknown form. Nothing from there on can be used.")
{
    public bool IsTorn { get; } = isTorn;
}
