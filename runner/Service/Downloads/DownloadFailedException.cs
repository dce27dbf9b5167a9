namespace MaeLab.Runner.Downloads;

/// <summary>A download that cannot go on, with a sentence that says why and what to do.</summary>
internal sealed class DownloadFailedException(string message, Exception? inner = null) : Exception(message, inner);
