using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Columns without a type, as SQLite has them. Until a value comes such a column is open: all its
/// values are NULL, and expressions read it as NULL. The first value gives it a type, and a wider
/// number widens it; both change the definition of the table in the statement's transaction.
/// </summary>
internal sealed class OpenTypes(Binder binder)
{
    private readonly Dictionary<(string Table, int Ordinal), OpenTypeChange> _changes = [];

    /// <summary>What expressions read of a column without a value.</summary>
    public static Expression Null { get; } = new ConstantExpression(Value.Null, DataType.Null);

    /// <summary>The type of a column that is declared without one, and whether it is open.
    /// </summary>
    public static (DataType Type, ColumnTyping Typing) Of(
        ColumnDefinitionSyntax column, Binder binder)
    {
        if (column.Constraints.OfType<DefaultConstraintSyntax>().LastOrDefault() is { } value)
        {
            DataType type = TypeOf(
                binder.BindScalar(SqlParser.ParseExpression(value.ValueText), new Scope()).Type);
            if (type.Kind != TypeKind.Null)
            {
                return (type, ColumnTyping.Taken);
            }
        }

        return (DataType.Text, ColumnTyping.Open);
    }

    /// <summary>The rows of a scan with NULL of no type in its open columns.</summary>
    public static LogicalNode Read(LogicalScan scan, Binder binder)
    {
        if (!scan.Columns.Any(column => IsOpen(scan, column)))
        {
            return scan;
        }

        return new LogicalProject(scan, [.. scan.Columns.Select(column =>
        {
            OutputColumn own = column.Column;
            return IsOpen(scan, column)
                ? new ProjectedColumn(
                    Null, binder.Identifiers.NewColumn(own.Name, DataType.Null))
                : new ProjectedColumn(new ColumnExpression(own.Id, own.Name, own.Type), own);
        })]);
    }

    /// <summary>
    /// The value as one of the column; what the column must become for it is remembered.
    /// </summary>
    public Expression Assign(
        Expression value, TableEntry table, int ordinal, SourcePosition position)
    {
        ColumnSchema column = table.Schema.Columns[ordinal];
        if (column.Typing == ColumnTyping.Declared)
        {
            return ExpressionFactory.Assign(value, column.Type, position);
        }

        bool isKnown = _changes.TryGetValue((table.Schema.Name, ordinal), out var known);
        DataType before = isKnown ? known!.Type
            : column.Typing == ColumnTyping.Open ? DataType.Null
            : column.Type;
        DataType after = Widened(before, TypeOf(value.Type));
        if (before.Kind == TypeKind.Null && after.Kind != TypeKind.Null)
        {
            after = ReferencedType(table.Schema, ordinal) ?? after;
        }

        if (after == before)
        {
            return isKnown || column.Typing == ColumnTyping.Open
                ? ExpressionFactory.Cast(Null, column.Type, position)
                : ExpressionFactory.Assign(value, column.Type, position);
        }

        _changes[(table.Schema.Name, ordinal)] = new OpenTypeChange(table, ordinal, after);
        return ExpressionFactory.Cast(Null, column.Type, position);
    }

    /// <summary>Remembers that values of a type come into an open column.</summary>
    public void Expect(TableEntry table, int ordinal, DataType type)
    {
        if (table.Schema.Columns[ordinal].Typing == ColumnTyping.Open)
        {
            _changes[(table.Schema.Name, ordinal)] = new OpenTypeChange(table, ordinal, type);
        }
    }

    /// <summary>Raises the error that the session answers by changing the columns.</summary>
    public void Check()
    {
        if (_changes.Count > 0)
        {
            throw new OpenTypeException([.. _changes.Values]);
        }
    }

    private static bool IsOpen(LogicalScan scan, ScannedColumn column) =>
        scan.Table.Schema.Columns[column.Ordinal].Typing == ColumnTyping.Open;

    // As SQLite keeps numbers: whole ones in 64 bits, all others as doubles.
    private static DataType TypeOf(DataType type) => type.Kind switch
    {
        TypeKind.Integer or TypeKind.BigInt => DataType.BigInt,
        TypeKind.Decimal or TypeKind.Real or TypeKind.Double
            or TypeKind.Score or TypeKind.Distance => DataType.Double,
        _ => type.Typed.WithoutCollation,
    };

    private static DataType Widened(DataType before, DataType value) =>
        before.Kind == TypeKind.Null ? value
        : value.Kind == TypeKind.Double && before.IsInteger ? value
        : value.IsInteger && before.Kind == TypeKind.Boolean ? value
        : before;

    // What refers to a key has the type of the key, which is there before it.
    private DataType? ReferencedType(TableSchema schema, int ordinal)
    {
        foreach (ForeignKeySchema key in schema.ForeignKeys)
        {
            int place = Array.IndexOf(key.Ordinals, ordinal);
            if (place >= 0 && binder.Catalog.TryGetTable(key.Table, out _))
            {
                ParentKey parent = ParentKey.Of(key, binder.Catalog, default);
                ColumnSchema column = parent.Table.Schema.Columns[parent.Ordinals[place]];
                if (column.Typing != ColumnTyping.Open)
                {
                    return column.Type.WithoutCollation;
                }
            }
        }

        return null;
    }
}
