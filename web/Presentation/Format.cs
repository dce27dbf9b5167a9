using System.Globalization;
using System.Text.Json;

namespace MaeLab.Web.Presentation;

/// <summary>Numbers, times and literals as a person reads them.</summary>
public static class Format
{
    private static readonly (double Size, string Suffix)[] s_counts = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")];

    /// <summary>About four significant digits: 0.4213, 12.35, 1,234.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "not a number" : value > 0 ? "∞" : "-∞";
        }

        return Math.Abs(value) switch
        {
            0 => "0",
            >= 1e7 or < 1e-3 => value.ToString("0.00e0", CultureInfo.InvariantCulture),
            >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
            >= 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
            >= 10 => value.ToString("0.##", CultureInfo.InvariantCulture),
            >= 1 => value.ToString("0.###", CultureInfo.InvariantCulture),
            _ => value.ToString("0.####", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>To how many decimals <see cref="Number"/> says it; null where it says powers of ten.</summary>
    public static int? Decimals(double value) => Math.Abs(value) switch
    {
        >= 1e7 or < 1e-3 => null,
        >= 1000 => 0,
        >= 100 => 1,
        >= 10 => 2,
        >= 1 => 3,
        _ => 4,
    };

    public static string Percent(double share, int digits = 1) =>
        (share * 100).ToString("F" + digits, CultureInfo.InvariantCulture) + " %";

    /// <summary>As papers print it: 0.031, or below 0.001 only that.</summary>
    public static string PValue(double p) => p < 0.001 ? "< 0.001" : p.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>1,234 or 1.2 M.</summary>
    public static string Count(double value)
    {
        if (value < 10_000)
        {
            return value.ToString("#,0", CultureInfo.InvariantCulture);
        }

        var (size, suffix) = s_counts.First(step => value >= step.Size);
        return (value / size).ToString(value / size >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) + suffix;
    }

    public static string Flops(double value)
    {
        var (size, prefix) = value switch { >= 1e18 => (1e18, "E"), >= 1e15 => (1e15, "P"), >= 1e12 => (1e12, "T"), >= 1e9 => (1e9, "G"), _ => (1e6, "M") };
        return string.Create(CultureInfo.InvariantCulture, $"{value / size:0.#} {prefix}FLOP");
    }

    public static string Bytes(long value)
    {
        var (size, unit) = value switch { >= 1L << 30 => (1L << 30, "GiB"), >= 1L << 20 => (1L << 20, "MiB"), >= 1L << 10 => (1L << 10, "KiB"), _ => (1L, "B") };
        return string.Create(CultureInfo.InvariantCulture, $"{(double)value / size:0.#} {unit}");
    }

    public static string Duration(TimeSpan value) => value switch
    {
        { TotalSeconds: < 1 } => "< 1 s",
        { TotalSeconds: < 60 } => $"{value.Seconds} s",
        { TotalMinutes: < 60 } => value.Seconds == 0 || value.TotalMinutes >= 10 ? $"{value.Minutes} min" : $"{value.Minutes} min {value.Seconds} s",
        { TotalHours: < 48 } => $"{(int)value.TotalHours} h {value.Minutes} min",
        _ => $"{value.Days:#,0} d {value.Hours} h",
    };

    public static string Ago(DateTimeOffset moment, DateTimeOffset now)
    {
        var age = now - moment;
        return age switch
        {
            { TotalSeconds: < 5 } => "just now",
            { TotalSeconds: < 60 } => $"{(int)age.TotalSeconds} s ago",
            { TotalMinutes: < 60 } => $"{(int)age.TotalMinutes} min ago",
            { TotalHours: < 24 } => $"{(int)age.TotalHours} h ago",
            { TotalDays: < 14 } => $"{(int)age.TotalDays} d ago",
            _ => moment.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A moment to the second, for where "3 min ago" is not enough.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>With a capital letter to begin with.</summary>
    public static string Sentence(string words) => words.Length > 0 ? char.ToUpperInvariant(words[0]) + words[1..] : words;

    /// <summary>What a JSON literal says: <c>"random"</c> as random, null as none.</summary>
    public static string Literal(string literal) => literal switch
    {
        "null" => "none",
        ['"', .. var inner, '"'] => inner.Contains('\\', StringComparison.Ordinal) ? JsonSerializer.Deserialize<string>(literal)! : inner,
        _ => literal,
    };

    public static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
