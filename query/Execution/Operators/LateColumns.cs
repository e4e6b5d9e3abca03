using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Reads columns of a table for rows that were chosen without them. The input's last column says
/// where each row lies; rows stay in the order of the input.
/// </summary>
/// <param name="input">The rows.</param>
/// <param name="table">The table.</param>
/// <param name="columns">
/// For each column of the output the ordinal in the table, or the complement of the ordinal in the
/// input.
/// </param>
/// <param name="output">The columns.</param>
internal sealed class LateColumns(
    PlanNode input, TableEntry table, int[] columns, IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The rows.</summary>
    public PlanNode Input { get; } = input;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Input];

    /// <inheritdoc/>
    public override string Describe()
    {
        IEnumerable<string> late = Output.Where((_, i) => columns[i] >= 0)
            .Select(static column => column.Name);
        return $"fetch of {table.Schema.Name}: {string.Join(", ", late)}";
    }

    /// <inheritdoc/>
    public override PlanNode? TrySelect(int[] ordinals, IReadOnlyList<OutputColumn> names) =>
        new LateColumns(Input, table, [.. ordinals.Select(ordinal => columns[ordinal])], names)
        {
            Estimate = Estimate,
        };

    /// <summary>All columns for a batch of the input.</summary>
    public RowBatch Fetch(TableSnapshot snapshot, RowBatch rows)
    {
        ReadOnlySpan<long> ids = ((ColumnBuffer<long>)rows.Columns[^1]).Values;
        var addresses = new RowAddress[rows.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = new RowAddress(ids[i]);
        }

        var fetched = new ColumnBuffer[columns.Length];
        for (int i = 0; i < fetched.Length; i++)
        {
            fetched[i] = columns[i] < 0
                ? rows.Columns[~columns[i]]
                : snapshot.Fetch(columns[i], addresses);
        }

        return new RowBatch(fetched, rows.Count);
    }

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) => new LateColumnsCursor(
        this, Input.Open(context), context.Open(table));
}
