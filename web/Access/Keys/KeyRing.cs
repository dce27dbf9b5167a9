using System.Xml.Linq;
using MaeLab.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Access.Keys;

/// <summary>Keys of cookies and forms in the database: all web processes take one another's, and a restart ends no session.</summary>
internal sealed partial class KeyRing(IDbContextFactory<MaeLabDb> databases, KeySecret secret, ILogger<KeyRing> logger) : IXmlRepository
{
    /// <exception cref="KeySecretException">They cannot be read. Then there are none: the framework would make new ones beside them, and all sessions would end.</exception>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = databases.CreateDbContext();
        var elements = db.DataProtectionKeys.Select(key => key.Xml).AsEnumerable().Select(xml => XElement.Parse(xml)).ToList();
        foreach (var part in elements.Select(KeySecret.SealedPartOf).OfType<XElement>())
        {
            secret.Open(part);
        }

        // Whoever had a dump of the database has these too.
        if (secret.Given && elements.RemoveAll(element => element.Name == "key" && KeySecret.SealedPartOf(element) is null) is > 0 and var open)
        {
            LogOpen(open);
        }

        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = databases.CreateDbContext();
        db.DataProtectionKeys.Add(new() { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }

    [LoggerMessage(LogLevel.Warning, "{Keys} keys of cookies were stored before there was a secret to encrypt them with: they are taken no more, and whoever was signed in by them signs in again")]
    private partial void LogOpen(int keys);
}
