using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MaeLab.Storage.Conversions;

/// <summary>
/// SQLite's REAL cannot hold not-a-number (it becomes NULL), so a number that nobody measures stands for it: the last
/// one before <see cref="double.MaxValue"/>. It sorts above every measured value, as PostgreSQL sorts NaN. Infinities need no help.
/// </summary>
internal sealed class SqliteDoubleConverter() : ValueConverter<double, double>(
    value => double.IsNaN(value) ? NotANumber : value,
    value => value == NotANumber ? double.NaN : value)
{
    public static readonly double NotANumber = double.BitDecrement(double.MaxValue);
}
