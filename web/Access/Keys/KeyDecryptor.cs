using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace MaeLab.Web.Access.Keys;

/// <summary>Every stored key has this name in it, by which the framework finds the class again: it stays what it is.</summary>
internal sealed class KeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => services.GetRequiredService<KeySecret>().Open(encryptedElement);
}
