namespace NeuroDb.Query;

/// <summary>
/// Decimals of one scale as 64-bit integers: the value of a row is its digits / 10^scale.
/// </summary>
/// <param name="Digits">One for each row, or a single one for all rows; perhaps more room.</param>
/// <param name="Count">How many digits there are.</param>
/// <param name="Scale">The digits behind the point, 0 to 28.</param>
/// <param name="Bound">No digits are larger in magnitude.</param>
/// <param name="Nulls">Which rows are NULL; their digits are 0.</param>
internal readonly record struct ScaledValues(
    long[] Digits, int Count, int Scale, long Bound, NullMask Nulls)
{
    /// <summary>The digits.</summary>
    public ReadOnlySpan<long> Span => Digits.AsSpan(0, Count);

    /// <summary>The digits of some rows.</summary>
    public Operand<long> ToOperand(int count) => new(
        new ColumnBuffer<long>(DataType.BigInt, Digits, 0, Count, NullMask.None), count);
}
