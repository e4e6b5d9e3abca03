namespace NeuroDb.Query;

/// <summary>DECIMAL: up to 18 digits that need no rounding.</summary>
internal struct DecimalField : IFieldReader<decimal>
{
    private const ulong DigitsEnd = 1_000_000_000_000_000_000;

    /// <inheritdoc/>
    public readonly bool TryRead(ReadOnlySpan<byte> text, DataType type, out decimal value)
    {
        value = 0;
        if (!NumberText.TrySplit(text, out bool isNegative, out ulong digits, out int exponent)
            || digits >= DigitsEnd || (digits == 0 && isNegative) || exponent is > 0 or < -18
            || text.ContainsAny((byte)'e', (byte)'E'))
        {
            return false;
        }

        value = new decimal(
            (int)(uint)digits, (int)(digits >> 32), 0, isNegative, (byte)-exponent);
        if (type.Length == 0)
        {
            return true;
        }

        if (-exponent > type.Scale)
        {
            return false;
        }

        value = DecimalScale.Fit(value, type, default);
        return true;
    }
}
