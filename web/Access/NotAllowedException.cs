namespace MaeLab.Web.Access;

/// <summary>Somebody asked for what they may not do. The message is for them.</summary>
public sealed class NotAllowedException(string message) : Exception(message);
