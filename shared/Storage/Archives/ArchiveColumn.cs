using System.Reflection;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MaeLab.Storage.Archives;

/// <summary>In which form the values of a column are in an archive.</summary>
internal enum ColumnKind
{
    /// <summary>In the row, as <see cref="ArchiveValue"/> writes it.</summary>
    Value,

    /// <summary>In the row, as JSON itself.</summary>
    Json,

    /// <summary>A key that the database gives: in an archive rows are numbered from 1 instead, for each database has its own.</summary>
    Number,

    /// <summary>A reference to a row by its number.</summary>
    NumberReference,

    /// <summary>In an entry of its own; the row says how many they are.</summary>
    Numbers,

    /// <summary>A file; the row says which.</summary>
    File,
}

/// <summary>One column of an archive's table, made from the model: what is added to a table is in the next archive.</summary>
internal sealed class ArchiveColumn
{
    private readonly IProperty _property;
    private readonly PropertyInfo _member;

    private ArchiveColumn(IProperty property)
    {
        (_property, _member) = (property, property.PropertyInfo!);
        Name = property.GetColumnName();
        RefersTo = property.GetContainingForeignKeys().SingleOrDefault()?.PrincipalEntityType.ClrType
            // A copy in the summaries, which the database takes as it comes.
            ?? (property.Name == nameof(MetricSummaryRow.RunId) ? typeof(RunRow) : null);
        IsReferenced = property.FindContainingPrimaryKey() is { Properties.Count: 1 } key && key.GetReferencingForeignKeys().Any();
        IsNullable = property.IsNullable;
        Kind = KindOf(property);
    }

    public string Name { get; }

    public ColumnKind Kind { get; }

    public Type Type => _property.ClrType;

    /// <summary>The type of the rows that this column has keys of.</summary>
    public Type? RefersTo { get; }

    /// <summary>Rows of other tables refer to the row by this one.</summary>
    public bool IsReferenced { get; }

    public bool IsNullable { get; }

    public object? Get(object row) => _property.GetGetter().GetClrValue(row);

    public void Set(object row, object? value) => _member.SetValue(row, value);

    /// <summary>The columns of a table, in the order of their names.</summary>
    public static IReadOnlyList<ArchiveColumn> Of(MaeLabDb db, Type row) =>
        [.. db.Model.FindEntityType(row)!.GetProperties()
            .Where(property => !ArchiveTable.ColumnsLeftOut.GetValueOrDefault(row, []).Contains(property.Name))
            .Select(property => new ArchiveColumn(property))
            .OrderBy(column => column.Name, StringComparer.Ordinal)];

    private static ColumnKind KindOf(IProperty property) =>
        IsGivenKey(property) ? ColumnKind.Number
        : property.GetContainingForeignKeys().Any(key => key.PrincipalKey.Properties.Any(IsGivenKey)) ? ColumnKind.NumberReference
        : property.ClrType == typeof(byte[]) ? ColumnKind.File
        : property.ClrType == typeof(long[]) || property.ClrType == typeof(double[]) ? ColumnKind.Numbers
        // PostgreSQL keeps it as jsonb, which has no text of its own.
        : property.DeclaringType.ClrType == typeof(RunRow) && property.Name == nameof(RunRow.Recipe) ? ColumnKind.Json
        : ColumnKind.Value;

    private static bool IsGivenKey(IReadOnlyProperty property) =>
        property.ClrType == typeof(long) && property.IsPrimaryKey() && property.ValueGenerated == ValueGenerated.OnAdd;
}
