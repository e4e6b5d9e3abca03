namespace NeuroDb.Storage;

/// <summary>
/// Decimals of one scale whose digits fit 64 bits, as whole numbers and the scale.
/// </summary>
internal static class ScaledEncoding
{
    private const int WordCount = 4;
    private const int ScaleShift = 16;
    private const int ScaleMax = 28;

    /// <summary>Splits decimals; false if they have no common scale or too many digits.</summary>
    public static bool TrySplit(
        ReadOnlySpan<decimal> values, Span<long> numbers, out byte scale)
    {
        Span<int> words = stackalloc int[WordCount];
        scale = values[0].Scale;
        for (int i = 0; i < values.Length; i++)
        {
            _ = decimal.GetBits(values[i], words);
            ulong digits = ((ulong)(uint)words[1] << 32) | (uint)words[0];
            bool isNegative = words[3] < 0;

            // A negative zero has no whole number of its own.
            if (words[2] != 0 || digits > long.MaxValue || (digits == 0 && isNegative)
                || (words[3] & int.MaxValue) >> ScaleShift != scale)
            {
                return false;
            }

            numbers[i] = isNegative ? -(long)digits : (long)digits;
        }

        return true;
    }

    /// <summary>Joins whole numbers with their scale.</summary>
    public static void Join(
        ref BlockReader reader,
        scoped ReadOnlySpan<long> numbers,
        int scale,
        scoped Span<decimal> values)
    {
        reader.Check(scale <= ScaleMax, "a scale of more than 28");
        for (int i = 0; i < numbers.Length; i++)
        {
            long number = numbers[i];
            ulong digits = number < 0 ? unchecked(0UL - (ulong)number) : (ulong)number;
            values[i] = new decimal(
                (int)digits, (int)(digits >> 32), 0, number < 0, (byte)scale);
        }
    }

    /// <summary>Refuses bits that are no decimal.</summary>
    public static void CheckAll(ref BlockReader reader, scoped ReadOnlySpan<decimal> values)
    {
        Span<int> words = stackalloc int[WordCount];
        foreach (decimal value in values)
        {
            _ = decimal.GetBits(value, words);
            int scale = (words[3] >> ScaleShift) & 0xFF;
            reader.Check(
                (words[3] & 0x7F00FFFF) == 0 && scale <= ScaleMax, "bits that are no decimal");
        }
    }
}
