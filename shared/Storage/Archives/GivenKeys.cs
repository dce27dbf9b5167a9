using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Archives;

/// <summary>Keys that the database gives to new rows of a table, taken before the rows are there.</summary>
internal sealed class GivenKeys(MaeLabDb db, Type row)
{
    private const int Portion = 1000;

    private readonly Queue<long> _reserved = [];
    private long? _last;

    public async ValueTask<long> NextAsync(CancellationToken cancellationToken)
    {
        var type = db.Model.FindEntityType(row)!;
        var table = type.GetTableName()!;
        if (db is not PostgresDb)
        {
            // Nobody else writes while this transaction is open.
            _last ??= await db.Database.SqlQuery<long>($"""SELECT seq AS "Value" FROM sqlite_sequence WHERE name = {table}""").FirstOrDefaultAsync(cancellationToken);
            return (++_last).Value;
        }

        if (_reserved.Count == 0)
        {
            var column = type.FindPrimaryKey()!.Properties[0].GetColumnName();
            var some = db.Database.SqlQuery<long>($"""SELECT nextval(pg_get_serial_sequence({table}, {column})) AS "Value" FROM generate_series(1, {Portion})""");
            await foreach (var key in some.AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                _reserved.Enqueue(key);
            }
        }

        return _reserved.Dequeue();
    }
}
