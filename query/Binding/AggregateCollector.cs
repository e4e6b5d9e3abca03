namespace NeuroDb.Query;

/// <summary>
/// Collects the aggregates of one SELECT while its items are bound, each once. A call becomes the
/// column that the aggregation will give.
/// </summary>
internal sealed class AggregateCollector(ColumnIdentifiers identifiers)
{
    private readonly List<AggregateColumn> _aggregates = [];

    /// <summary>The aggregates so far.</summary>
    public IReadOnlyList<AggregateColumn> Aggregates => _aggregates;

    /// <summary>The column of an aggregate.</summary>
    public ColumnExpression Collect(AggregateCall call)
    {
        AggregateColumn? known = _aggregates.Find(other => other.Call.IsSameAs(call));
        if (known is null)
        {
            known = new AggregateColumn(call, identifiers.NewColumn(call.ToString(), call.Type));
            _aggregates.Add(known);
        }

        return new ColumnExpression(known.Column.Id, known.Column.Name, known.Column.Type);
    }

    /// <summary>Whether a column of that identifier is an aggregate.</summary>
    public bool Contains(int id) => _aggregates.Exists(aggregate => aggregate.Column.Id == id);
}
