namespace NeuroDb.Query;

/// <summary>
/// The rows of an INSERT of a few, in memory that the next execution of the statement uses again:
/// the objects of a row cost more than storing it. Whoever is given the batch copies what stays.
/// </summary>
internal sealed class RowCells
{
    private readonly PlanNode _owner;
    private readonly ValueCells[] _cells;

    /// <summary>Makes the cells of a plan that gives so many rows.</summary>
    public RowCells(PlanNode owner, int count)
    {
        _owner = owner;
        _cells = [.. owner.Output.Select(column => ValueCells.Create(column.Type, count))];
        Rows = new RowBatch([.. _cells.Select(static cell => cell.Column)], count);
    }

    /// <summary>The rows of the values that were put last.</summary>
    public RowBatch Rows { get; }

    /// <summary>Whether the cells were made for a plan.</summary>
    public bool IsOf(PlanNode plan) => ReferenceEquals(_owner, plan);

    /// <summary>Puts a value; false if the column needs memory of its own.</summary>
    public bool TryPut(int column, int row, Value value) => _cells[column].TryPut(row, value);

    /// <summary>Forgets the values, so that none is kept alive.</summary>
    public void Clear()
    {
        foreach (ValueCells cell in _cells)
        {
            cell.Clear();
        }
    }
}
