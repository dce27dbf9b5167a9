namespace MaeLab.Web.Access.Keys;

/// <summary>The keys in the database are not to be read with the secret of the settings; the message says what to do.</summary>
public sealed class KeySecretException(string message) : Exception(message);
