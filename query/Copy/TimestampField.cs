namespace NeuroDb.Query;

/// <summary>TIMESTAMP: 2026-11-20 12:30:00 with up to six digits behind a point.</summary>
internal struct TimestampField : IFieldReader<long>
{
    private const int SecondsEnd = 19;

    /// <inheritdoc/>
    public readonly bool TryRead(ReadOnlySpan<byte> text, DataType type, out long value)
    {
        value = 0;
        if (text.Length < SecondsEnd || text[10] is not ((byte)' ' or (byte)'T')
            || text[13] != ':' || text[16] != ':'
            || !DateField.TryReadDays(text, out long days)
            || !DateField.TryReadDigits(text.Slice(11, 2), out int hour) || hour > 23
            || !DateField.TryReadDigits(text.Slice(14, 2), out int minute) || minute > 59
            || !DateField.TryReadDigits(text.Slice(17, 2), out int second) || second > 59)
        {
            return false;
        }

        int fraction = 0;
        if (text.Length > SecondsEnd)
        {
            ReadOnlySpan<byte> digits = text[(SecondsEnd + 1)..];
            if (text[SecondsEnd] != '.' || digits.Length is 0 or > 6
                || !DateField.TryReadDigits(digits, out fraction))
            {
                return false;
            }

            for (int i = digits.Length; i < 6; i++)
            {
                fraction *= 10;
            }
        }

        long seconds = (((hour * 60L) + minute) * 60) + second;
        value = (days * DateTimeText.MicrosecondsPerDay) + (seconds * 1_000_000) + fraction;
        return true;
    }
}
