namespace MaeLab.Storage.Archives;

/// <summary>What is wrong with an archive, and where. Nothing of it was imported then.</summary>
public sealed class ArchiveException(string where, string what, Exception? cause = null) : Exception($"{where}: {what}", cause);
