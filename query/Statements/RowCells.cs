namespace NeuroDb.Query;

/// <summary>
/// The row of an INSERT of one row, in memory that the next execution of the statement uses again:
/// the objects of a row cost more than storing it. Whoever is given the batch copies what stays.
/// </summary>
internal sealed class RowCells
{
    private readonly PlanNode _owner;
    private readonly ValueCell[] _cells;

    /// <summary>Makes the cells of a plan that gives one row.</summary>
    public RowCells(PlanNode owner)
    {
        _owner = owner;
        _cells = [.. owner.Output.Select(static column => ValueCell.Create(column.Type))];
        Row = new RowBatch([.. _cells.Select(static cell => cell.Column)], 1);
    }

    /// <summary>The row of the values that were put last.</summary>
    public RowBatch Row { get; }

    /// <summary>Whether the cells were made for a plan.</summary>
    public bool IsOf(PlanNode plan) => ReferenceEquals(_owner, plan);

    /// <summary>Puts a value; false if the row needs memory of its own.</summary>
    public bool TryPut(int column, Value value) => _cells[column].TryPut(value);

    /// <summary>Forgets the values, so that none is kept alive.</summary>
    public void Clear()
    {
        foreach (ValueCell cell in _cells)
        {
            cell.Clear();
        }
    }
}
