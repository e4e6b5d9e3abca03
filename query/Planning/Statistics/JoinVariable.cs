namespace NeuroDb.Query;

/// <summary>Columns of several inputs that a join makes equal, and their bins.</summary>
internal sealed class JoinVariable(List<JoinKey> members, KeyBins bins, int[] columns)
{
    /// <summary>The columns, of different inputs.</summary>
    public List<JoinKey> Members { get; } = members;

    /// <summary>The bins of their values.</summary>
    public KeyBins Bins { get; } = bins;

    /// <summary>Which of the columns of the bins each member is.</summary>
    public int[] Columns { get; } = columns;
}
