using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MaeLab.Storage.Conversions;

/// <summary>
/// SQLite's REAL cannot hold not-a-number (it becomes NULL), so a number that nobody measures stands for it: the last
/// one before <see cref="double.MaxValue"/>. It sorts above every measured value, as PostgreSQL sorts NaN. Infinities need no help.
/// </summary>
internal sealed class SqliteDoubleConverter() : ValueConverter<double, double>(value => ToStored(value), value => FromStored(value))
{
    private static readonly double s_notANumber = double.BitDecrement(double.MaxValue);

    public static double ToStored(double value) => double.IsNaN(value) ? s_notANumber : value;

    public static double FromStored(double value) => value == s_notANumber ? double.NaN : value;
}
