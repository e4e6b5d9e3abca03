namespace NeuroDb.Query;

/// <summary>
/// The query that a model learns from, as plan: it may be read any number of times, and gives the
/// same rows in the same order each time. Rows that fit into memory are read from the tables once.
/// </summary>
internal sealed class ModelQuery
{
    private const long KeptBytesMax = 1L << 28;

    private readonly PlanNode _plan;
    private readonly ExecutionContext _context;
    private readonly bool _isStable;
    private List<RowBatch>? _kept;
    private bool _isTooLarge;

    private ModelQuery(PlanNode plan, LogicalNode query, string text, ExecutionContext context)
    {
        _plan = plan;
        _context = context;
        _isStable = IsStable(plan);
        Logical = query;
        Text = text;
        Columns = [.. query.Output.Select(static it => new ModelColumn(it.Name, it.Type))];
    }

    /// <summary>The columns of the rows.</summary>
    public IReadOnlyList<ModelColumn> Columns { get; }

    /// <summary>The query as it was bound.</summary>
    public LogicalNode Logical { get; }

    /// <summary>The text of the query.</summary>
    public string Text { get; }

    /// <summary>
    /// Binds the text of a query to the tables of the transaction; its rows come in the order of a
    /// column if one is named.
    /// </summary>
    public static ModelQuery Bind(
        string text, string? orderColumn, ExecutionContext context, SourcePosition position)
    {
        string sql = orderColumn is null
            ? text
            : $"SELECT * FROM (\n{text}\n) AS rows ORDER BY {SqlText.Quote(orderColumn)}";
        if (SqlParser.Parse(sql) is not [SelectStatementSyntax select])
        {
            throw new NeuroStoreException(
                ErrorCode.SyntaxError, "A model learns from one query.", position);
        }

        if (select.ParameterCount > 0)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "The query of a model may not use parameters, because it is kept for RETRAIN and "
                + "EVALUATE; write the values.",
                position);
        }

        var binder = new Binder(context.Transaction.Catalog, [], context.Notices);
        LogicalNode query = binder.BindQuery(select.Query);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (OutputColumn column in query.Output)
        {
            if (!names.Add(column.Name))
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"Two columns of the query have the name {column.Name}; a model knows its "
                    + "columns by name, so write AS for one of them.",
                    position);
            }
        }

        return new ModelQuery(
            new Planner(binder.Identifiers).Plan(query), query, text, context);
    }

    /// <summary>The place of a column, or -1.</summary>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>All rows, in the same order each time.</summary>
    public IEnumerable<RowBatch> Read()
    {
        if (_kept is not null)
        {
            foreach (RowBatch batch in _kept)
            {
                _context.ThrowIfCancelled();
                yield return batch;
            }

            yield break;
        }

        List<RowBatch>? kept = _isTooLarge ? null : [];
        long size = 0;
        using BatchCursor cursor = _plan.Open(_context);
        for (RowBatch? batch = cursor.Next(); batch is not null; batch = cursor.Next())
        {
            _context.ThrowIfCancelled();
            size += kept is null ? 0 : SizeOf(batch);
            if (kept is not null && size > KeptBytesMax)
            {
                _isTooLarge = true;
                kept = _isStable ? null : throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    "The query of the model gives other rows each time it is read, and more than "
                    + "fit into memory. Store them in a table first.");
            }

            kept?.Add(batch.Settle());
            yield return batch;
        }

        _kept = kept;
    }

    private static bool IsStable(PlanNode plan) =>
        plan.Expressions.All(static it => IsStable(it))
        && plan.Subqueries.All(static it => IsStable(it.Plan))
        && plan.Children.All(IsStable);

    private static bool IsStable(Expression expression) =>
        (expression.IsDeterministic || expression is SubqueryExpression or PlannedSubquery)
        && expression.Children.All(IsStable);

    private static long SizeOf(RowBatch batch)
    {
        long size = 0;
        foreach (ColumnBuffer column in batch.Columns)
        {
            size += 16L * batch.Count;
            for (int row = 0; row < batch.Count; row++)
            {
                size += column.IsNull(row) ? 0 : column switch
                {
                    ColumnBuffer<string> texts => 2L * texts.Stored[row].Length,
                    ColumnBuffer<byte[]> blobs => blobs.Stored[row].Length,
                    ColumnBuffer<ReadOnlyMemory<float>> vectors => 4L * vectors.Stored[row].Length,
                    _ => 0,
                };
            }
        }

        return size;
    }
}
