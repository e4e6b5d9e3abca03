namespace NeuroDb.Query;

/// <summary>INTEGER and BIGINT: a sign and digits that surely fit.</summary>
internal struct IntegerField : IFieldReader<long>
{
    private const int DigitCountMax = 18;

    /// <inheritdoc/>
    public readonly bool TryRead(ReadOnlySpan<byte> text, DataType type, out long value)
    {
        value = 0;
        bool isNegative = text.Length > 0 && text[0] == '-';
        int start = isNegative ? 1 : 0;
        if (text.Length - start is < 1 or > DigitCountMax)
        {
            return false;
        }

        for (int i = start; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        value = isNegative ? -value : value;
        return type.HasInteger(value);
    }
}
