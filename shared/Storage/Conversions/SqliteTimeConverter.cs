using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MaeLab.Storage.Conversions;

/// <summary>
/// Moments as microseconds since 1970 UTC: SQLite then sorts and compares them as numbers, with the precision that
/// PostgreSQL's timestamptz has.
/// </summary>
internal sealed class SqliteTimeConverter() : ValueConverter<DateTimeOffset, long>(
    moment => (moment.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond,
    microseconds => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));
