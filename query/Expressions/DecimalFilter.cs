namespace NeuroDb.Query;

/// <summary>
/// Compares decimals with a constant: by their digits where they have the scale of the first one,
/// as those of a column mostly have, otherwise as numbers.
/// </summary>
internal static class DecimalFilter
{
    /// <summary>Keeps the selected rows for which a comparison holds; none is NULL.</summary>
    public static int Keep(
        BinaryOperator operation,
        ReadOnlySpan<decimal> values,
        decimal bound,
        Span<int> selected)
    {
        if (selected.Length == 0)
        {
            return 0;
        }

        ReadOnlySpan<DecimalBits> bits = DecimalBits.Of(values);
        int scale = bits[selected[0]].Scale;
        return TryScale(bound, scale, out long digits)
            ? KeepDigits(operation, values, bits, bound, scale, digits, selected)
            : KeepNumbers(operation, values, bound, selected);
    }

    private static int KeepDigits(
        BinaryOperator operation,
        ReadOnlySpan<decimal> values,
        ReadOnlySpan<DecimalBits> bits,
        decimal bound,
        int scale,
        long digits,
        Span<int> selected)
    {
        // Which of less, equal and greater hold, by sign + 1.
        (bool less, bool equal, bool greater) = Accepted(operation);
        int accepted = (less ? 1 : 0) | (equal ? 2 : 0) | (greater ? 4 : 0);
        int count = 0;
        int ahead = DecimalBits.Ahead(selected.Length, bits.Length);
        for (int i = 0; i < selected.Length; i++)
        {
            if (i + ahead < selected.Length)
            {
                DecimalBits.Prefetch(in bits[selected[i + ahead]]);
            }

            int row = selected[i];
            ref readonly DecimalBits number = ref bits[row];
            int order;
            if (number.Scale == scale && number.High == 0 && number.Low >> 62 == 0)
            {
                long signed = number.Signed;
                order = (signed > digits ? 1 : 0) - (signed < digits ? 1 : 0);
            }
            else
            {
                order = values[row].CompareTo(bound);
            }

            selected[count] = row;
            count += (accepted >> (order + 1)) & 1;
        }

        return count;
    }

    private static int KeepNumbers(
        BinaryOperator operation,
        ReadOnlySpan<decimal> values,
        decimal bound,
        Span<int> selected)
    {
        (bool less, bool equal, bool greater) = Accepted(operation);
        int count = 0;
        foreach (int row in selected)
        {
            int order = values[row].CompareTo(bound);
            selected[count] = row;
            count += (order < 0 ? less : order == 0 ? equal : greater) ? 1 : 0;
        }

        return count;
    }

    private static (bool Less, bool Equal, bool Greater) Accepted(BinaryOperator operation) =>
        operation switch
        {
            BinaryOperator.Equal => (false, true, false),
            BinaryOperator.NotEqual => (true, false, true),
            BinaryOperator.Less => (true, false, false),
            BinaryOperator.LessOrEqual => (true, true, false),
            BinaryOperator.Greater => (false, false, true),
            _ => (false, true, true),
        };

    private static bool TryScale(decimal bound, int scale, out long digits)
    {
        digits = 0;
        DecimalBits bits = DecimalBits.Of(bound);
        if (bits.High != 0 || bits.Low >> 62 != 0)
        {
            return false;
        }

        Int128 scaled = bits.Signed;
        for (int i = bits.Scale; i < scale && (scaled >> 62 == 0 || scaled >> 62 == -1); i++)
        {
            scaled *= 10;
        }

        for (int i = scale; i < bits.Scale; i++)
        {
            if (scaled % 10 != 0)
            {
                return false;
            }

            scaled /= 10;
        }

        digits = (long)scaled;
        return scaled >> 62 == 0 || scaled >> 62 == -1;
    }
}
