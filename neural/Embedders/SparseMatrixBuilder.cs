namespace NeuroDb.Neural;

/// <summary>Puts texts, given as pairs of units and weights, into a sparse matrix.</summary>
internal sealed class SparseMatrixBuilder
{
    private readonly List<int> _starts = [0];
    private readonly List<int> _columns = [];
    private readonly List<float> _values = [];

    /// <summary>Numbers so far.</summary>
    public int Count => _columns.Count;

    /// <summary>The largest number of a unit so far.</summary>
    public int UnitCount { get; private set; }

    /// <summary>Adds a text; the unit n stands in the column n - 1.</summary>
    public void Add(ReadOnlySpan<float> text)
    {
        for (int i = 0; i + 1 < text.Length && text[i] > 0; i += 2)
        {
            Add((int)text[i] - 1, text[i + 1]);
        }

        EndRow();
    }

    /// <summary>Adds a number to the row that is being made.</summary>
    public void Add(int column, float value)
    {
        _columns.Add(column);
        _values.Add(value);
        UnitCount = Math.Max(UnitCount, column + 1);
    }

    /// <summary>Ends a row.</summary>
    public void EndRow() => _starts.Add(_columns.Count);

    /// <summary>The matrix with so many columns.</summary>
    public SparseMatrix Build(int columnCount) =>
        new([.. _starts], [.. _columns], [.. _values], columnCount);
}
