namespace NeuroDb.Query;

/// <summary>An order of joins, seen from the join of one set of inputs.</summary>
/// <param name="Set">The inputs, by the bits of their numbers.</param>
/// <param name="Splits">For each set the inputs of one side; 0 for a single input.</param>
/// <param name="RowsOf">For each set the rows expected.</param>
internal sealed record JoinOrder(int Set, int[] Splits, double[] RowsOf)
{
    /// <summary>The inputs of one side of the join of this set.</summary>
    public int Split => Splits[Set];

    /// <summary>The rows expected of this set.</summary>
    public double Rows => RowsOf[Set];

    /// <summary>The same order seen from another set.</summary>
    public JoinOrder With(int set) => this with { Set = set };
}
