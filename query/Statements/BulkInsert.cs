using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Appends batches of typed rows to a table in one transaction: the way in for bulk loads, with
/// the checks of INSERT and without its expressions.
/// </summary>
internal sealed class BulkInsert : IDisposable
{
    private readonly ExecutionContext _context;
    private readonly TableWriter _writer;
    private readonly RowChanges _changes;
    private readonly Durability? _durability;
    private readonly int[] _sources;
    private readonly Expression?[] _defaults;
    private readonly int _savepoint;
    private Action? _ended;
    private bool _isComplete;

    /// <summary>Starts the insert.</summary>
    /// <param name="context">Its transaction and resources.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns that are given; null for all.</param>
    /// <param name="durability">How to commit; null inside a transaction of the caller.</param>
    /// <param name="ended">Is called when all is over.</param>
    public BulkInsert(
        ExecutionContext context,
        string table,
        IReadOnlyList<string>? columns,
        Durability? durability,
        Action? ended = null)
    {
        _context = context;
        _durability = durability;
        _savepoint = context.Transaction.Savepoint();
        var binder = new Binder(context.Transaction.Catalog, [], context.Notices);
        TableEntry entry = binder.BindTable(NameOf(table));
        _writer = new TableWriter(entry, null, [], binder);
        _changes = new RowChanges(entry, context);
        TableSchema schema = entry.Schema;
        int[] targets = columns is null
            ? InsertBinder.Given(schema)
            : [.. columns.Select(name => SchemaLookup.Ordinal(schema, Identifier(name)))];
        foreach (int target in targets)
        {
            binder.OpenTypes.Expect(entry, target, DataType.Text);
        }

        binder.OpenTypes.Check();
        Columns = [.. targets.Select(target => schema.Columns[target])];
        _sources = [.. Enumerable.Range(0, schema.Columns.Count)
            .Select(ordinal => Array.IndexOf(targets, ordinal))];
        _ended = ended;
        _defaults = [.. schema.Columns.Select((column, ordinal) =>
            _sources[ordinal] >= 0 ? null : InsertBinder.BindDefault(column, binder))];
    }

    /// <summary>The columns that each batch gives, in order.</summary>
    public IReadOnlyList<ColumnSchema> Columns { get; }

    /// <summary>Reads a stream that is a value of a row to come.</summary>
    public Value ReadInput(LargeInput input) =>
        _context.Transaction.ReadInput(input, _context.Cancellation);

    /// <summary>Appends rows whose columns have the types of <see cref="Columns"/>.</summary>
    public void Append(RowBatch rows)
    {
        Invariant.Check(!_isComplete);
        Invariant.Check(rows.Columns.Length == Columns.Count);
        if (rows.Count == 0)
        {
            return;
        }

        var full = new ColumnBuffer[_sources.Length];
        for (int i = 0; i < full.Length; i++)
        {
            full[i] = _sources[i] >= 0
                ? rows.Columns[_sources[i]]
                : _defaults[i]!.Evaluate(rows, _context);
        }

        TableEntry table = _writer.Table;
        RowBatch batch = _writer.Complete(
            IdentityFiller.Fill(new RowBatch(full, rows.Count), table, _context.Transaction),
            _context);
        _writer.Check(batch, _context);
        _changes.Insert(batch);
    }

    /// <summary>Commits what was appended, unless the caller's transaction is used.</summary>
    public void Complete()
    {
        Invariant.Check(!_isComplete);
        _isComplete = true;
        if (_durability is Durability durability)
        {
            _context.Deferred.Check(_context);
            _context.Transaction.Commit(durability);
        }
    }

    /// <summary>
    /// Ends the insert; without <see cref="Complete"/> nothing of it is stored. In a transaction of
    /// the caller that takes back everything since the insert began.
    /// </summary>
    public void Dispose()
    {
        if (_durability is not null)
        {
            _context.Transaction.Dispose();
        }
        else if (!_isComplete && _context.Transaction.IsActive)
        {
            _context.Transaction.RollbackTo(_savepoint);
        }

        _isComplete = true;
        _ended?.Invoke();
        _ended = null;
    }

    private static NameSyntax NameOf(string table) => new([Identifier(table)]);

    private static IdentifierSyntax Identifier(string name) => new(name, IsQuoted: true);
}
