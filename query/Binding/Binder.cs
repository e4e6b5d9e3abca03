using System.Diagnostics.CodeAnalysis;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Binds the syntax of one statement to a catalog: names become columns, operators become typed
/// expressions, queries become logical plans. One binder for one statement; not shared.
/// </summary>
internal sealed class Binder(
    CatalogView catalog, IReadOnlyList<DataType> parameterTypes, NoticeList notices)
{
    private const int ExpansionCountMax = 1000;

    private readonly Dictionary<int, (TableEntry Table, int Ordinal)> _scanned = [];
    private int _expansions;
    private int _pivots;

    /// <summary>The tables.</summary>
    public CatalogView Catalog { get; } = catalog;

    /// <summary>The names of the tables and views that the statement uses.</summary>
    public HashSet<string> UsedNames { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The views that are being bound, each inside the one before.</summary>
    public HashSet<string> OpenViews { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The row that the trigger runs for that the statement is part of, or null.</summary>
    public TriggerRow? TriggerRow { get; init; }

    /// <summary>The types of the parameters, by ordinal.</summary>
    public IReadOnlyList<DataType> ParameterTypes { get; } = parameterTypes;

    /// <summary>Where NULLs stand in an order that does not say it.</summary>
    public NullPlacement NullPlacement { get; init; }

    /// <summary>
    /// The values of columns of PIVOT without IN, in the order in which these are bound.
    /// </summary>
    public IReadOnlyList<string[]> PivotValues { get; init; } = [];

    /// <summary>Where choices that the statement did not say are told.</summary>
    public NoticeList Notices { get; } = notices;

    /// <summary>
    /// The identifiers of the statement's columns; the planner goes on with them.
    /// </summary>
    public ColumnIdentifiers Identifiers { get; } = new();

    /// <summary>What the queries of the statement see from outside: its items of WITH.</summary>
    public QueryEnvironment Environment { get; private set; } = QueryEnvironment.Empty;

    /// <summary>What the columns without a type become by the statement's values.</summary>
    public OpenTypes OpenTypes => field ??= new OpenTypes(this);

    /// <summary>Lets the statement use items of WITH that stand before it.</summary>
    public void UseTables(IReadOnlyList<CommonTableSyntax> tables) =>
        Environment = Environment.With(tables);

    /// <summary>Lets the statement use the rows of a change that stands before it.</summary>
    public void UseTable(CommonTableSyntax table, WorkingTable changed) =>
        Environment = Environment with
        {
            Tables = new CommonTable(table, Environment, Environment.Tables)
            {
                Changed = changed,
            },
        };

    /// <summary>The values of the next column of PIVOT without IN; null if they are not known.
    /// </summary>
    public string[]? NextPivotValues() =>
        _pivots < PivotValues.Count ? PivotValues[_pivots++] : null;

    /// <summary>A scope without names of its own.</summary>
    public Scope NewScope() => new(Environment);

    /// <summary>The plan of a query. Its output has the names of the result.</summary>
    public LogicalNode BindQuery(QuerySyntax query) =>
        new QueryBinder(this, Environment).Bind(query);

    /// <summary>A value over the names of a scope; aggregates have no place in it.</summary>
    public Expression BindScalar(ExpressionSyntax expression, Scope scope) =>
        new ExpressionBinder(this, scope, "this expression").Bind(expression);

    /// <summary>A condition over the names of a scope: the result is BOOLEAN.</summary>
    public Expression BindCondition(ExpressionSyntax expression, Scope scope) =>
        new ExpressionBinder(this, scope, "this condition").BindCondition(expression);

    /// <summary>The items of RETURNING: columns with names, over the names of a scope.</summary>
    public IReadOnlyList<ProjectedColumn> BindItems(
        IReadOnlyList<SelectItemSyntax> items, Scope scope) =>
        new ItemBinder(this, new ExpressionBinder(this, scope, "RETURNING")).Bind(items);

    /// <summary>The table of a name; an error with the nearest name if there is none.</summary>
    public TableEntry BindTable(NameSyntax name)
    {
        SchemaNames.Check(name, Catalog);
        if (Catalog.TryGetTable(name.Key, out TableEntry table)
            && !HiddenTables.Contains(table))
        {
            UsedNames.Add(name.Key);
            return table;
        }

        if (Catalog.TryGetObject(CatalogObjectKind.View, name.Key, out _))
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"{name.Text} is a view and has no rows of its own; change its tables, or create "
                + "an INSTEAD OF trigger.",
                name.Position);
        }

        IEnumerable<string> names = HiddenTables.Without(Catalog.Tables)
            .Select(known => known.Schema.Name);
        throw new NeuroStoreException(
            ErrorCode.UnknownTable,
            $"There is no table {name.Text}.{NearMatch.Hint(name.Last, names)}",
            name.Position);
    }

    /// <summary>The view of a name, or null.</summary>
    public CatalogObject? FindView(NameSyntax name)
    {
        if (!Catalog.TryGetObject(CatalogObjectKind.View, name.Key, out CatalogObject view))
        {
            return null;
        }

        SchemaNames.Check(name, Catalog);
        UsedNames.Add(name.Key);
        return view;
    }

    /// <summary>Whether a name says that something is temporary.</summary>
    public static bool IsTemporary(NameSyntax name) => name.Qualifier is { } schema
        && (string.Equals(schema, "temp", StringComparison.OrdinalIgnoreCase)
            || string.Equals(schema, "pg_temp", StringComparison.OrdinalIgnoreCase));

    /// <summary>A scan of the columns of a table that a query sees.</summary>
    public LogicalScan VisibleScan(TableEntry table, string alias)
    {
        LogicalScan scan = Scan(table, alias);
        return table.Schema.Columns.Any(static column => column.IsUnseen)
            ? new LogicalScan(
                table,
                alias,
                [.. ShownColumns.Of(table.Schema).Select(ordinal => scan.Columns[ordinal])],
                indexes: scan.Indexes)
            {
                Indexed = scan.Indexed,
            }
            : scan;
    }

    /// <summary>A scan of all columns of a table, with columns of their own.</summary>
    /// <param name="table">The table.</param>
    /// <param name="alias">The name in the query, or null for the table's.</param>
    /// <param name="withRowAddress">
    /// Whether a last column of type BIGINT says where the row lies
    /// (<see cref="RowAddress.RowId"/>).
    /// </param>
    public LogicalScan Scan(TableEntry table, string? alias, bool withRowAddress = false)
    {
        TableSchema schema = table.Schema;
        var columns = new ScannedColumn[schema.Columns.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnSchema column = schema.Columns[i];
            int identifier = Identifiers.Next();
            _scanned.Add(identifier, (table, i));
            columns[i] = new(
                new OutputColumn(
                    identifier,
                    IndexKeyColumns.Shown(column),
                    column.Type.WithoutCollation,
                    column.IsNullable,
                    schema.Name),
                i);
        }

        OutputColumn? rowAddress = withRowAddress
            ? Identifiers.NewColumn("row address", DataType.BigInt, isNullable: false)
            : null;
        var scan = new LogicalScan(
            table, alias ?? schema.Name, columns, rowAddress, Catalog.IndexesOf(table));
        return schema.Columns.Any(IndexKeyColumns.IsOne)
            ? new LogicalScan(table, scan.Alias, columns, rowAddress, scan.Indexes)
            {
                Indexed = IndexKeyColumns.Of(scan, this),
            }
            : scan;
    }

    /// <summary>The column of a table that a scan reads under an identifier.</summary>
    public bool TryTableOf(
        int identifier, [NotNullWhen(true)] out TableEntry? table, out int ordinal)
    {
        bool isFound = _scanned.TryGetValue(identifier, out var column);
        (table, ordinal) = column;
        return isFound;
    }

    /// <summary>The names of a scan's columns.</summary>
    public Scope ScopeOf(LogicalScan scan)
    {
        Scope scope = NewScope();
        scope.AddAll(scan);
        return scope;
    }

    /// <summary>
    /// The rows that UPDATE or DELETE changes: all columns of the table, where each row lies, and
    /// then the columns of further tables that they are joined to; a row may come more than once
    /// then. The scope serves to bind SET over the same columns.
    /// </summary>
    public RowTarget BindTarget(
        NameSyntax table,
        IdentifierSyntax? alias,
        IReadOnlyList<TableReferenceSyntax> from,
        ExpressionSyntax? where,
        QuerySyntax? picked = null)
    {
        TableEntry entry = BindTable(table);
        LogicalScan scan = Scan(
            entry, (alias ?? SchemaNames.AliasOf(table))?.Name, withRowAddress: true);
        Scope scope = ScopeOf(scan);
        LogicalNode source = new FromBinder(this, Environment).Bind(from, scope, scan);
        source = where is null
            ? source
            : new LogicalFilter(source, BindCondition(where, scope));
        source = picked is null ? source : Pick(source, picked, scope, from);
        return new RowTarget(entry, scope, source, scan, from.Count > 0);
    }

    // UPDATE and DELETE .. ORDER BY .. LIMIT: the first rows of an order.
    private LogicalNode Pick(
        LogicalNode rows,
        QuerySyntax picked,
        Scope scope,
        IReadOnlyList<TableReferenceSyntax> from)
    {
        if (from.Count > 0)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "ORDER BY and LIMIT pick rows of one table; of joined ones, pick the keys in a "
                + "query and write WHERE key IN (SELECT ..).",
                from[0].Position);
        }

        SortKey[] keys =
        [
            .. picked.OrderBy.Select(item => OrderItems.KeyOf(
                item, BindScalar(item.Expression, scope), NullPlacement)),
        ];
        return new QueryBinder(this, Environment).Limit(
            keys.Length == 0 ? rows : new LogicalSort(rows, keys), picked);
    }

    /// <summary>
    /// Counts one use of an item of WITH. Items that use each other twice grow without bound when
    /// written out, so there is a bound.
    /// </summary>
    public void CountExpansion(SourcePosition position)
    {
        _expansions++;
        if (_expansions > ExpansionCountMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"The items of WITH are used more than {ExpansionCountMax} times in all, each use "
                + "counting the uses within; store a result in a table instead.",
                position);
        }
    }
}
