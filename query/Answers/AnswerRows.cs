using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Makes the values of a column that asks a model, for rows that are stored already, within one
/// transaction.
/// </summary>
internal sealed class AnswerRows
{
    private readonly TableEntry _table;
    private readonly AnswerColumn _column;
    private readonly ExecutionContext _context;
    private readonly AnswerBinding _binding;
    private readonly HashSet<int> _changed;

    /// <summary>Binds the column.</summary>
    public AnswerRows(TableEntry table, AnswerColumn column, ExecutionContext context)
        : this(
            table, column, new AnswerBinding(table, column, context.Transaction.Catalog), context)
    {
    }

    /// <summary>The rows of a column that is bound.</summary>
    public AnswerRows(
        TableEntry table, AnswerColumn column, AnswerBinding binding, ExecutionContext context)
    {
        Invariant.Check(binding.CatalogVersion == context.Transaction.Catalog.Version);
        _table = table;
        _column = column;
        _context = context;
        _binding = binding;
        _changed = [column.Ordinal, column.Note];
    }

    /// <summary>All rows, their columns and then their addresses; null if there are none.
    /// </summary>
    public RowBatch? ReadAll() => BatchJoiner.ReadAll(_binding.PlanAll(), _context);

    /// <summary>
    /// Reads where the rows lie whose value is not made yet, in the order of their places: of a
    /// chunk, a step takes few rows, and reads no others.
    /// </summary>
    public BatchCursor OpenPending()
    {
        Invariant.Check(_column.Note >= 0);
        return _binding.PlanPending().Open(_context);
    }

    /// <summary>The columns of some rows, and then their addresses.</summary>
    public RowBatch Fetch(IReadOnlyList<long> addresses)
    {
        RowAddress[] places = [.. addresses.Select(static address => new RowAddress(address))];
        TableSnapshot snapshot = _context.Transaction.Open(_table);
        return new RowBatch(
            [
                .. Enumerable.Range(0, _table.Schema.Columns.Count)
                    .Select(ordinal => snapshot.Fetch(ordinal, places)),
                new ColumnBuffer<long>(DataType.BigInt, [.. addresses]),
            ],
            places.Length);
    }

    /// <summary>Makes the values of rows, all at once.</summary>
    /// <param name="rows">The columns of the table and then the addresses.</param>
    public RowBatch Make(RowBatch rows)
    {
        ColumnBuffer[] columns = [.. rows.Columns];
        columns[_column.Ordinal] = _binding.Value.Evaluate(
            new RowBatch(rows.Columns[..^1], rows.Count), _context);
        if (_column.Note >= 0)
        {
            columns[_column.Note] = ColumnBuffer.Constant(
                DataType.BigInt, Value.Of(AnswerColumns.Made), rows.Count);
        }

        return new RowBatch(columns, rows.Count);
    }

    /// <summary>Makes the values of rows and stores them.</summary>
    public void Write(RowBatch rows)
    {
        _context.ThrowIfCancelled();
        Store(Make(rows));
    }

    /// <summary>Stores rows whose values are made; they must not have changed meanwhile.</summary>
    public void Store(RowBatch made)
    {
        ReadOnlySpan<long> addresses = ((ColumnBuffer<long>)made.Columns[^1]).Values;
        _context.Transaction.Update(
            _table, addresses, new RowBatch(made.Columns[..^1], made.Count), _changed);
    }

    /// <summary>How many rows wait for their value, and since when the first of them does.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column.</param>
    /// <param name="context">The execution.</param>
    /// <param name="limit">How many rows are counted at most.</param>
    public static (long Count, long SinceMicroseconds) Count(
        TableEntry table, AnswerColumn column, ExecutionContext context, long limit)
    {
        if (column.Note < 0)
        {
            return (0, 0);
        }

        var binder = new Binder(context.Transaction.Catalog, [], new NoticeList());
        LogicalScan scan = binder.Scan(table, null);
        LogicalNode notes = LogicalProject.Of(
            new LogicalFilter(scan, Pending(scan, column)), [scan.Output[column.Note]]);
        using BatchCursor cursor = new Planner(binder.Identifiers).Plan(notes).Open(context);
        long count = 0;
        long least = long.MaxValue;
        while (count < limit && cursor.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            count += batch.Count;
            foreach (long note in ((ColumnBuffer<long>)batch.Columns[0]).Values)
            {
                least = Math.Min(least, -note);
            }
        }

        return (count, count == 0 ? 0 : least);
    }

    /// <summary>Whether the value of a row is not made.</summary>
    public static Expression Pending(LogicalScan scan, AnswerColumn column)
    {
        OutputColumn note = scan.Output[column.Note];
        return ExpressionFactory.Binary(
            BinaryOperator.Less,
            new ColumnExpression(note.Id, note.Name, note.Type),
            ExpressionFactory.Literal(Value.Of(0L)),
            default);
    }
}
