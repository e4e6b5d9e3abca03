namespace NeuroDb.Query;

/// <summary>
/// Collects the aggregates of one SELECT while its items are bound, each once. A call becomes the
/// column that the aggregation will give.
/// </summary>
internal sealed class AggregateCollector(ColumnIdentifiers identifiers)
{
    private static readonly RowBatch SingleRow = new([], 1);
    private readonly List<AggregateColumn> _aggregates = [];

    /// <summary>
    /// Whether the SELECT has one row whatever the tables hold, so that an aggregate of constants
    /// is one itself. What constants rule out has no say in the type of coalesce and CASE.
    /// </summary>
    public bool IsOverSingleRow { get; set; }

    /// <summary>The aggregates so far.</summary>
    public IReadOnlyList<AggregateColumn> Aggregates => _aggregates;

    /// <summary>The column of an aggregate, or its value where that is settled.</summary>
    public Expression Collect(AggregateCall call)
    {
        if (IsOverSingleRow && TryCompute(call) is { } value)
        {
            return value;
        }

        AggregateColumn? known = _aggregates.Find(other => other.Call.IsSameAs(call));
        if (known is null)
        {
            known = new AggregateColumn(call, identifiers.NewColumn(call.ToString(), call.Type));
            _aggregates.Add(known);
        }

        return new ColumnExpression(known.Column.Id, known.Column.Name, known.Column.Type);
    }

    private static ConstantExpression? TryCompute(AggregateCall call)
    {
        AggregateFunction function = call.Function;
        Expression[] arguments = [.. function.Arguments.Select(ConstantFolder.Fold)];
        if (call.Filter is not null || function.Order.Count > 0
            || !Array.TrueForAll(arguments, argument => argument is ConstantExpression))
        {
            return null;
        }

        try
        {
            // Constants read nothing of an execution.
            ColumnBuffer[] columns =
                [.. arguments.Select(argument => argument.Evaluate(SingleRow, context: null!))];
            AggregateState state = function.CreateState();
            state.EnsureGroups(1);
            state.UpdateAll(columns, rowCount: 1);
            return new ConstantExpression(state.Finish().GetValue(0), call.Type);
        }
        catch (NeuroStoreException error) when (error.Code != ErrorCode.InvariantBroken)
        {
            // The error comes when the statement runs.
            return null;
        }
    }

    /// <summary>Whether a column of that identifier is an aggregate.</summary>
    public bool Contains(int id) => _aggregates.Exists(aggregate => aggregate.Column.Id == id);
}
