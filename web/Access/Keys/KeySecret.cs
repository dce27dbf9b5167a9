using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access.Keys;

/// <summary>Encrypts the keys of cookies: AES-256-GCM, with a key derived from the secret of the settings by HKDF-SHA-256 (RFC 5869).</summary>
internal sealed class KeySecret
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private static readonly XName s_sealed = XName.Get("sealed", "urn:maelab:keys");

    private readonly byte[]? _key;

    public KeySecret(IOptions<WebOptions> options)
    {
        if (options.Value.KeyProtection.ReadSecret() is { } secret)
        {
            _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "MaeLab: keys of cookies"u8.ToArray());
        }
    }

    public bool Given => _key is not null;

    /// <returns>Nonce, tag and ciphertext.</returns>
    public XElement Seal(XElement plain)
    {
        var text = Encoding.UTF8.GetBytes(plain.ToString(SaveOptions.DisableFormatting));
        var sealedText = new byte[NonceBytes + TagBytes + text.Length];
        RandomNumberGenerator.Fill(sealedText.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key!, TagBytes);
        aes.Encrypt(sealedText.AsSpan(0, NonceBytes), text, sealedText.AsSpan(NonceBytes + TagBytes), sealedText.AsSpan(NonceBytes, TagBytes));
        return new(s_sealed, Convert.ToBase64String(sealedText));
    }

    /// <exception cref="KeySecretException">By another secret, by none, or changed since.</exception>
    public XElement Open(XElement element)
    {
        if (_key is null)
        {
            throw Wrong("no secret is given");
        }

        try
        {
            var sealedText = Convert.FromBase64String(element.Value).AsSpan();
            var text = new byte[sealedText.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(sealedText[..NonceBytes], sealedText[(NonceBytes + TagBytes)..], sealedText.Slice(NonceBytes, TagBytes), text);
            return XElement.Parse(Encoding.UTF8.GetString(text));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Wrong("the secret is another one");
        }
    }

    /// <returns>What of a stored key is sealed; nothing of one from before there was a secret.</returns>
    public static XElement? SealedPartOf(XElement key) => key.Descendants(s_sealed).FirstOrDefault();

    private static KeySecretException Wrong(string how) => new(
        $"The keys of cookies in the table data_protection_keys are encrypted, and {how}. Give the secret that they were made with ({KeyProtectionOptions.Section}:Secret or SecretFile); "
        + "if it is lost, empty the table: new keys are made then, and everybody signs in again.");
}
