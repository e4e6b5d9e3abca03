namespace NeuroDb.Query;

/// <summary>
/// BIT and BIT VARYING: texts of the characters 0 and 1, which order as the bits do. A cast to
/// BIT(n) cuts off on the right or fills with zeros there, as in PostgreSQL; a column takes only
/// what has the right length.
/// </summary>
internal static class BitStrings
{
    private const int NumberBits = 64;

    /// <summary>Reads bits of a type.</summary>
    public static Value Parse(string text, DataType type, SourcePosition position)
    {
        string bits = text.Trim();
        if (bits is ['b' or 'B', .. var rest])
        {
            bits = rest;
        }

        return bits.AsSpan().IndexOfAnyExcept('0', '1') < 0
            ? Fit(bits, type, CastKind.Assignment, position)
            : throw ValueParser.Invalid(text, type, position);
    }

    /// <summary>Whether CAST converts between types of which one is a BIT.</summary>
    public static bool CanCast(DataType from, DataType to) =>
        from.Kind == TypeKind.BitString
            ? to.Kind is TypeKind.BitString or TypeKind.BitVector or TypeKind.Integer
                or TypeKind.BigInt
            : to.Kind == TypeKind.BitString
                && (from.Kind is TypeKind.BitVector or TypeKind.Boolean || from.IsInteger);

    /// <summary>Converts a value of which the type or the target is a BIT.</summary>
    public static Value Convert(
        Value value, DataType from, DataType to, CastKind kind, SourcePosition position)
    {
        if (from.Kind != TypeKind.BitString)
        {
            return from.Kind == TypeKind.BitVector
                ? Fit(ValueText.Format(value), to, kind, position)
                : Value.OfText(TypeKind.BitString, OfNumber(value.AsInt64(), from, to));
        }

        string bits = value.AsText();
        return to.Kind switch
        {
            TypeKind.BitString => Fit(bits, to, kind, position),
            TypeKind.BitVector => ValueParser.Parse(bits, to, position),
            TypeKind.Text => Value.Of(bits),
            _ => ValueConverter.Convert(
                Value.Of(ToNumber(bits, to, position)), DataType.BigInt, to, kind, position),
        };
    }

    /// <summary>The number that the bits are, the first of 32 or 64 of them its sign.</summary>
    private static long ToNumber(string bits, DataType to, SourcePosition position)
    {
        string digits = bits.TrimStart('0');
        if (digits.Length > to.IntegerBits)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, $"{bits.Length} bits do not fit {to}.", position);
        }

        long number = digits.Length == 0 ? 0 : System.Convert.ToInt64(digits, 2);
        return to.IntegerBits == 32 ? (int)number : number;
    }

    // The lowest bits of a number; of a longer type its sign before them.
    private static string OfNumber(long number, DataType from, DataType to)
    {
        int own = from.IntegerBits == 0 ? 1 : Math.Min(from.IntegerBits, NumberBits);
        int length = to.Length == 0 ? own : to.Length;
        string bits = System.Convert.ToString(number, 2)
            .PadLeft(NumberBits, number < 0 ? '1' : '0');
        return length <= NumberBits
            ? bits[^length..]
            : bits.PadLeft(length, number < 0 ? '1' : '0');
    }

    private static Value Fit(
        string bits, DataType type, CastKind kind, SourcePosition position)
    {
        bool fits = type.Length == 0
            || (type.IsVaryingBits ? bits.Length <= type.Length : bits.Length == type.Length);
        if (!fits && kind != CastKind.Explicit)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidConversion,
                $"{bits.Length} bits are no {type}; write CAST(... AS {type}) to cut them off or "
                + "to fill them up.",
                position);
        }

        return Value.OfText(
            TypeKind.BitString,
            fits ? bits
                : bits.Length > type.Length ? bits[..type.Length]
                : bits.PadRight(type.Length, '0'));
    }
}
