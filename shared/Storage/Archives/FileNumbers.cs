using System.Security.Cryptography;

namespace MaeLab.Storage.Archives;

/// <summary>Numbers different contents from 1, in the order in which they come.</summary>
internal sealed class FileNumbers
{
    private readonly Dictionary<(ulong, ulong, ulong, ulong), long> _numbers = [];

    public long Count => _numbers.Count;

    public long NumberOf(byte[] content)
    {
        var hash = SHA256.HashData(content);
        var key = (BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8), BitConverter.ToUInt64(hash, 16), BitConverter.ToUInt64(hash, 24));
        if (!_numbers.TryGetValue(key, out var number))
        {
            _numbers[key] = number = _numbers.Count + 1;
        }

        return number;
    }
}
