namespace NeuroDb.Query;

/// <summary>
/// An expression together with the few columns that it reads, so that an operator makes only these
/// before it knows which rows pass.
/// </summary>
internal sealed class NarrowExpression
{
    private NarrowExpression(Expression expression, int[] ordinals)
    {
        Expression = expression;
        Ordinals = ordinals;
    }

    /// <summary>The expression over the columns of <see cref="Ordinals"/>, in that order.</summary>
    public Expression Expression { get; }

    /// <summary>The ordinals of the columns in the wide batch.</summary>
    public int[] Ordinals { get; }

    /// <summary>Narrows an expression over ordinals of a wide batch.</summary>
    public static NarrowExpression Of(Expression wide)
    {
        var ordinals = new List<int>();
        Expression narrow = wide.Rewrite(part =>
        {
            if (part is not OrdinalExpression column)
            {
                return part;
            }

            int place = ordinals.IndexOf(column.Ordinal);
            if (place < 0)
            {
                place = ordinals.Count;
                ordinals.Add(column.Ordinal);
            }

            return new OrdinalExpression(place, column.ToString(), column.Type);
        });
        return new NarrowExpression(narrow, [.. ordinals]);
    }

    /// <summary>The same where the wide batch takes its columns from others.</summary>
    public NarrowExpression Through(int[] sources) =>
        new(Expression, [.. Ordinals.Select(ordinal => sources[ordinal])]);

    /// <inheritdoc/>
    public override string ToString() => Expression.ToString();
}
