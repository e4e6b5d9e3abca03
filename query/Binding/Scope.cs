namespace NeuroDb.Query;

/// <summary>
/// The names that an expression may use: those of its own query's tables and, beyond them, those
/// of the enclosing queries. Filled while FROM is bound.
/// </summary>
internal sealed class Scope(QueryEnvironment environment)
{
    private readonly List<ScopeColumn> _columns = [];

    /// <summary>Makes a scope without an enclosing query.</summary>
    public Scope()
        : this(QueryEnvironment.Empty)
    {
    }

    /// <summary>What lies outside.</summary>
    public QueryEnvironment Environment { get; } = environment;

    /// <summary>The names, in the order that * gives them.</summary>
    public IReadOnlyList<ScopeColumn> Columns => _columns;

    /// <summary>Adds a name at the end.</summary>
    public void Add(ScopeColumn column) => _columns.Add(column);

    /// <summary>Adds the columns of a table or a derived table under a name.</summary>
    public void AddAll(string? qualifier, IEnumerable<OutputColumn> columns)
    {
        foreach (OutputColumn column in columns)
        {
            _columns.Add(ScopeColumn.Of(qualifier, column));
        }
    }

    /// <summary>Adds the columns of a scan that a statement sees.</summary>
    public void AddAll(LogicalScan scan)
    {
        foreach (ScannedColumn column in scan.Columns)
        {
            ColumnSchema schema = scan.Table.Schema.Columns[column.Ordinal];
            if (!schema.IsUnseen)
            {
                _columns.Add(ScopeColumn.Of(scan.Alias, column.Column, schema));
            }
        }
    }

    /// <summary>Whether a table or alias of that name is in this scope itself.</summary>
    public bool HasTable(string name) => _columns.Exists(column => Same(column.Qualifier, name));

    /// <summary>The columns that * or <c>table.*</c> stands for.</summary>
    public IEnumerable<ScopeColumn> Star(string? table) => table is null
        ? _columns.Where(column => !column.IsMerged)
        : _columns.Where(column => Same(column.Qualifier, table));

    /// <summary>What a name stands for; an error if nothing or more than one thing.</summary>
    public Expression Resolve(NameSyntax name) =>
        TryResolve(name) ?? throw UnknownColumn(name);

    /// <summary>What a name stands for, or null; an error if more than one thing.</summary>
    public Expression? TryResolve(NameSyntax name)
    {
        if (Find(name) is { } column)
        {
            return column.Expression;
        }

        if (Environment.Outer?.TryResolve(name) is { } outer)
        {
            Invariant.Check(Environment.Captures is not null);
            return Environment.Captures.Capture(outer);
        }

        return null;
    }

    /// <summary>The column of this scope itself that a name stands for, or null.</summary>
    public ScopeColumn? Find(NameSyntax name)
    {
        ScopeColumn? found = null;
        foreach (ScopeColumn column in _columns)
        {
            if (!Same(column.Column.Name, name.Last)
                || (name.Qualifier is null
                    ? column.IsMerged
                    : !Same(column.Qualifier, name.Qualifier)))
            {
                continue;
            }

            if (found is not null)
            {
                throw Ambiguous(name, found, column);
            }

            found = column;
        }

        return found;
    }

    /// <summary>The error for a name that nothing stands behind.</summary>
    public NeuroStoreException UnknownColumn(NameSyntax name)
    {
        if (name.Qualifier is { } qualifier && !Reaches(qualifier))
        {
            return new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"There is no table or alias {qualifier} in this query, so {name.Text} has no "
                + $"meaning.{NearMatch.Hint(qualifier, Qualifiers())}",
                name.Position);
        }

        IEnumerable<string> names = AllColumns()
            .Where(column => name.Qualifier is null || Same(column.Qualifier, name.Qualifier))
            .Select(column => column.Column.Name);
        return new NeuroStoreException(
            ErrorCode.UnknownColumn,
            $"There is no column {name.Text} here.{Hint(name, names)}",
            name.Position);
    }

    private static string Hint(NameSyntax name, IEnumerable<string> names)
    {
        string near = NearMatch.Hint(name.Last, names);
        return near.Length == 0 && name.Parts is [{ IsQuoted: true }]
            ? $" A text stands in single quotes: '{ValueText.Shorten(name.Last)}'."
            : near;
    }

    private static bool Same(string? left, string? right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static NeuroStoreException Ambiguous(
        NameSyntax name, ScopeColumn first, ScopeColumn second)
    {
        string candidates = $"{first.Qualifier}.{first.Column.Name} and "
            + $"{second.Qualifier}.{second.Column.Name}";
        return new NeuroStoreException(
            ErrorCode.AmbiguousColumn,
            $"The column {name.Text} is ambiguous: it may mean {candidates}. "
            + "Write the table's name or alias before it.",
            name.Position);
    }

    private bool Reaches(string table) =>
        HasTable(table) || (Environment.Outer?.Reaches(table) ?? false);

    private IEnumerable<ScopeColumn> AllColumns() =>
        Environment.Outer is null ? _columns : _columns.Concat(Environment.Outer.AllColumns());

    private IEnumerable<string> Qualifiers() =>
        AllColumns().Select(column => column.Qualifier).OfType<string>().Distinct();
}
