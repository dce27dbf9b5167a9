using System.Reflection;

namespace MaeLab.Web.Features.Report;

/// <summary>Which MaeLab this is.</summary>
internal static class ProductVersion
{
    /// <summary>"1.0.0+" and the commit it was built from.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
