using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MaeLab.Web.Access;

/// <summary>A random word that opens once. Kept in memory alone: the process that logged it is the one that takes it.</summary>
public sealed class OneTimeKey
{
    private byte[]? _hash;

    /// <summary>256 random bits, in the characters of an address.</summary>
    public static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <returns>A new key; the one before opens nothing any more.</returns>
    public string Renew()
    {
        var key = Random();
        Volatile.Write(ref _hash, Hash(key));
        return key;
    }

    /// <returns>A new key where there is none that could still be used.</returns>
    public string? RenewIfUsed()
    {
        var key = Random();
        return Interlocked.CompareExchange(ref _hash, Hash(key), null) is null ? key : null;
    }

    public bool Opens(string? key) => Matching(key) is not null;

    /// <returns>True for the first who comes with it.</returns>
    public bool Use(string? key) => Matching(key) is { } hash && Interlocked.CompareExchange(ref _hash, null, hash) == hash;

    /// <returns>The hash that is kept, where it is the key's.</returns>
    private byte[]? Matching(string? key) =>
        Volatile.Read(ref _hash) is { } hash && key is not null && CryptographicOperations.FixedTimeEquals(hash, Hash(key)) ? hash : null;

    /// <summary>What is kept of a secret of 256 random bits.</summary>
    internal static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
