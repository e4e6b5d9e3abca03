using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Joins on equal keys by looking up the partners of a batch of left rows together, through an
/// index or a key of the right table. O(left + result): what the right table holds beside does not
/// count.
/// </summary>
internal sealed class IndexJoin(
    JoinShape shape,
    Expression[] leftKeys,
    TableScan right,
    Expression? filter,
    IndexEntry? index,
    int keyOrdinal,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The sides, and the whole condition over their columns.</summary>
    public JoinShape Shape { get; } = shape;

    /// <summary>The values over the left side, one for each of the first columns.</summary>
    public Expression[] LeftKeys { get; } = leftKeys;

    /// <summary>The right table and its columns.</summary>
    public TableScan Right { get; } = right;

    /// <summary>What right rows must satisfy, over the columns of the right side.</summary>
    public Expression? Filter { get; } = filter;

    /// <summary>The index, or null for a key.</summary>
    public IndexEntry? Index { get; } = index;

    /// <summary>The index into the keys of the right table; -1 with an index.</summary>
    public int KeyOrdinal { get; } = keyOrdinal;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Shape.Left];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
    [
        .. Shape.Residual is null ? [] : (Expression[])[Shape.Residual.Expression],
        .. Filter is null ? [] : (Expression[])[Filter],
    ];

    /// <inheritdoc/>
    public override string Describe()
    {
        TableSchema table = Right.Table.Schema;
        KeySchema? key = Index is null ? table.Keys[KeyOrdinal] : null;
        int[] ordinals = key?.Ordinals ?? Index!.Schema.Ordinals;
        IEnumerable<string> pairs = LeftKeys.Select(
            (value, i) => $"{table.Columns[ordinals[i]].Name} = {value}");
        string by = key is null
            ? $"index {Index!.Schema.Name}"
            : key.IsPrimary ? "primary key" : "unique key";
        string filter = Filter is null ? "" : $", filter: {Filter}";
        return $"{Shape.Word} by batched lookup of {table.Name}, {by}: "
            + $"{string.Join(", ", pairs)}{filter}";
    }

    /// <inheritdoc/>
    public override PlanNode TrySelect(int[] ordinals, IReadOnlyList<OutputColumn> columns) =>
        new IndexJoin(
            Shape.Select(ordinals), LeftKeys, Right, Filter, Index, KeyOrdinal, columns)
        {
            Estimate = Estimate,
        };

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new IndexJoinCursor(this, context);

    // What a serializable transaction looks up is noted on one thread.
    /// <inheritdoc/>
    protected override Pipeline? StartParallel(ExecutionContext context)
    {
        if (context.Transaction.IsSerializable || Shape.Kind is JoinKind.Full
            || LeftKeys.Any(static key => key.Any(static part => !part.IsDeterministic))
            || Shape.Left.Parallelize(context) is not { } left)
        {
            return null;
        }

        TableSnapshot snapshot = context.Open(Right.Table);
        return new MappedPipeline(
            left, input => new IndexJoinCursor(this, context, input, snapshot));
    }
}
