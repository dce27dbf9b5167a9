using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace MaeLab.Web.Access.Keys;

internal sealed class KeyEncryptor(KeySecret secret) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(secret.Seal(plaintextElement), typeof(KeyDecryptor));
}
