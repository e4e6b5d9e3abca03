namespace NeuroDb.Query;

/// <summary>DATE: year, month and day as in 2026-11-20.</summary>
internal struct DateField : IFieldReader<long>
{
    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <inheritdoc/>
    public readonly bool TryRead(ReadOnlySpan<byte> text, DataType type, out long value)
    {
        value = 0;
        return text.Length == 10 && TryReadDays(text, out value);
    }

    /// <summary>The days since 1970-01-01 of the first ten bytes.</summary>
    public static bool TryReadDays(ReadOnlySpan<byte> text, out long days)
    {
        days = 0;
        if (text[4] != '-' || text[7] != '-'
            || !TryReadDigits(text[..4], out int year)
            || !TryReadDigits(text.Slice(5, 2), out int month)
            || !TryReadDigits(text.Slice(8, 2), out int day)
            || year < 1 || month is < 1 or > 12
            || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        days = new DateOnly(year, month, day).DayNumber - Epoch;
        return true;
    }

    /// <summary>The number of a few digits.</summary>
    public static bool TryReadDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (byte unit in text)
        {
            uint digit = (uint)(unit - '0');
            if (digit > 9)
            {
                return false;
            }

            number = (number * 10) + (int)digit;
        }

        return true;
    }
}
