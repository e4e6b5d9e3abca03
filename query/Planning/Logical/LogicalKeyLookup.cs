namespace NeuroDb.Query;

/// <summary>Reads the rows of a table that have one of some keys.</summary>
internal sealed class LogicalKeyLookup(LogicalScan scan, int keyOrdinal, Expression[][] keys)
    : LogicalNode
{
    /// <summary>The table and the columns.</summary>
    public LogicalScan Scan { get; } = scan;

    /// <summary>The index into the keys of the schema.</summary>
    public int KeyOrdinal { get; } = keyOrdinal;

    /// <summary>
    /// The keys; for each an expression without columns for each column of the key.
    /// </summary>
    public Expression[][] Keys { get; } = keys;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output => Scan.Output;

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalKeyLookup(Scan, KeyOrdinal, [.. Keys.Select(key => key.Select(map).ToArray())]);
}
