namespace MaeLab.Storage.Archives;

/// <summary>What an archive says of itself, its last entry.</summary>
/// <param name="Format">Of the layout; a reader that does not know it gives up.</param>
/// <param name="MaeLab">Version of the program that wrote it.</param>
/// <param name="Schema">Name of the newest migration that it knew.</param>
/// <param name="Parts">The tables, in the order in which they are to be read.</param>
/// <param name="Entries">Every other entry of the zip file, in its order.</param>
public sealed record ArchiveManifest(
    int Format, string MaeLab, string Schema, ArchivedExperiment Experiment, CheckpointChoice Checkpoints,
    IReadOnlyList<ArchivedPart> Parts, IReadOnlyList<ArchivedEntry> Entries);

public sealed record ArchivedExperiment(Guid Id, string Name);

/// <summary>
/// One table. A column that the reader does not know is an error; one that the archive does not have, since it is older, is
/// that of a new row. So archives outlive changes of the schema.
/// </summary>
public sealed record ArchivedPart(string Table, long Rows, IReadOnlyList<string> Columns);

/// <param name="Length">Bytes, unpacked.</param>
/// <param name="Sha256">Lower-case hex, of the unpacked bytes.</param>
public sealed record ArchivedEntry(string Name, long Length, string Sha256);
