namespace NeuroDb.Query;

/// <summary>Bits in a row: the operators and functions of BIT, as in PostgreSQL.</summary>
internal static class BitFunctions
{
    /// <summary>The functions that no other type has.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("bitstring", 2, 2, static call => ArrayFunctions.Each(
            call, Any, [Bits(call, 0), call.Whole(1)], row =>
            {
                string bits = row[0].AsText();
                long length = row[1].AsInt64();
                return length >= bits.Length && length <= Limits.BitStringLengthMax
                    ? Of(bits.PadLeft((int)length, '0'))
                    : throw new NeuroStoreException(
                        ErrorCode.NumericOutOfRange,
                        $"{length} is no length for {bits.Length} bits.",
                        call.Position);
            })),
        new("bit_position", 2, 2, static call => ArrayFunctions.Each(
            call, DataType.Integer, [Bits(call, 0), Bits(call, 1)], static row =>
                Value.Of(row[1].AsText().IndexOf(
                    row[0].AsText(), StringComparison.Ordinal) + 1))),
    ];

    private static DataType Any => DataType.BitsOf(0, true);

    /// <summary>Whether one of two operands is a BIT.</summary>
    public static bool Takes(Expression left, Expression right) =>
        left.Type.Kind == TypeKind.BitString || right.Type.Kind == TypeKind.BitString;

    /// <summary>get_bit(b, n).</summary>
    public static Expression Get(FunctionCall call) => ArrayFunctions.Each(
        call, DataType.Integer, [Bits(call, 0), call.Whole(1)], row =>
        {
            string bits = row[0].AsText();
            return Value.Of(bits[Place(row[1].AsInt64(), bits.Length, call.Position)] - '0');
        });

    /// <summary>set_bit(b, n, bit).</summary>
    public static Expression Set(FunctionCall call) => ArrayFunctions.Each(
        call, Any, [Bits(call, 0), call.Whole(1), call.Whole(2)], row =>
        {
            char[] bits = row[0].AsText().ToCharArray();
            bits[Place(row[1].AsInt64(), bits.Length, call.Position)] =
                row[2].AsInt64() is 0 or 1
                    ? (char)('0' + row[2].AsInt64())
                    : throw new NeuroStoreException(
                        ErrorCode.NumericOutOfRange, "A bit is 0 or 1.", call.Position);
            return Of(new string(bits));
        });

    /// <summary>bit_count(b): how many bits are set.</summary>
    public static Expression Count(FunctionCall call) => call.Make(
        DataType.BigInt,
        RowLoops.Of<string, long>(static bits => bits.Count('1')),
        call.Arguments);

    /// <summary>The bytes that bits take.</summary>
    public static Expression Octets(FunctionCall call) => call.Make(
        DataType.BigInt,
        RowLoops.Of<string, long>(static bits => (bits.Length + 7) / 8),
        call.Arguments);

    /// <summary>How many bits there are.</summary>
    public static Expression Length(FunctionCall call) => call.Make(
        DataType.BigInt,
        RowLoops.Of<string, long>(static bits => bits.Length),
        call.Arguments);

    /// <summary>~b.</summary>
    public static Expression Invert(Expression operand, SourcePosition position) =>
        new FunctionCall("~", [operand], position).Make(
            operand.Type,
            RowLoops.Of<string, string>(static bits =>
                string.Create(bits.Length, bits, static (to, from) =>
                {
                    for (int i = 0; i < to.Length; i++)
                    {
                        to[i] = from[i] == '0' ? '1' : '0';
                    }
                })),
            [operand]);

    /// <summary>a || b.</summary>
    public static Expression Concatenate(FunctionCall call) => call.Make(
        Any,
        RowLoops.Of<string, string, string>(string.Concat),
        [Bits(call, 0), Bits(call, 1)]);

    /// <summary>&amp; and |; # is xor.</summary>
    public static Expression Combine(
        BinaryOperator operation, Expression left, Expression right, SourcePosition position)
    {
        var call = new FunctionCall(OperatorText.Of(operation), [left, right], position);
        return operation is BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight
            ? ArrayFunctions.Each(call, left.Type, [Bits(call, 0), call.Whole(1)], row => Of(Shift(
                row[0].AsText(),
                operation == BinaryOperator.ShiftLeft ? row[1].AsInt64() : -row[1].AsInt64())))
            : Pairs(call, operation == BinaryOperator.BitwiseAnd
                ? static (a, b) => a & b
                : static (a, b) => a | b);
    }

    /// <summary>a # b.</summary>
    public static Expression Xor(FunctionCall call) => Pairs(call, static (a, b) => a ^ b);

    private static Expression Pairs(FunctionCall call, Func<int, int, int> combine) =>
        ArrayFunctions.Each(
            call,
            call.TypeOf(0) == call.TypeOf(1) ? call.TypeOf(0) : Any,
            [Bits(call, 0), Bits(call, 1)],
            row =>
            {
                (string left, string right) = (row[0].AsText(), row[1].AsText());
                if (left.Length != right.Length)
                {
                    throw new NeuroStoreException(
                        ErrorCode.InvalidConversion,
                        $"{call.Name} takes bits of one length; here are {left.Length} and "
                        + $"{right.Length}.",
                        call.Position);
                }

                return Of(string.Create(left.Length, (left, right), (to, from) =>
                {
                    for (int i = 0; i < to.Length; i++)
                    {
                        to[i] = (char)('0' + combine(from.left[i] - '0', from.right[i] - '0'));
                    }
                }));
            });

    // To the left for a positive number; the length stays.
    private static string Shift(string bits, long count)
    {
        int places = (int)Math.Min(Math.Abs(Math.Max(count, -int.MaxValue)), bits.Length);
        return count >= 0
            ? bits[places..].PadRight(bits.Length, '0')
            : bits[..^places].PadLeft(bits.Length, '0');
    }

    private static int Place(long place, long count, SourcePosition position) =>
        place >= 0 && place < count
            ? (int)place
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"There is no bit {place}; they are 0 to {count - 1}.",
                position);

    private static Value Of(string bits) => Value.OfText(TypeKind.BitString, bits);

    private static Expression Bits(FunctionCall call, int ordinal) =>
        call.TypeOf(ordinal).Kind == TypeKind.BitString
            ? call.Arguments[ordinal]
            : Coercion.IsFlexible(call.Arguments[ordinal])
            ? Coercion.To(call.Arguments[ordinal], Any, call.Position)
            : throw call.Mismatch(ordinal, "a BIT");
}
