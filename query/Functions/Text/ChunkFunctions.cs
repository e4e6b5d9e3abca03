namespace NeuroDb.Query;

/// <summary>
/// <c>chunk(text, size, overlap)</c> gives the pieces of a text as an array, and the table function
/// <c>chunks</c> as rows; see <see cref="TextChunks"/>.
/// </summary>
internal static class ChunkFunctions
{
    private const int SizeUsual = 1000;

    /// <summary>What arguments are that are not given; the text must be.</summary>
    public static readonly long[] UsualArguments = [-1, SizeUsual, 0];

    /// <summary>The names of the arguments.</summary>
    public static readonly string[] ArgumentNames = ["text", "size", "overlap"];

    /// <summary>The scalar function.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("chunk", 1, 3, call =>
        {
            SourcePosition position = call.Position;
            return call.Make(
                DataType.ArrayOf(DataType.Text),
                RowLoops.Of<string, long, long, byte[]>((text, size, overlap) =>
                    ArrayCodec.Encode(
                        TypeKind.Text,
                        Pieces(text, size, overlap, position)
                            .Select(piece => Value.Of(piece.Piece)))),
                Arguments(call));
        }),
    ];

    /// <summary>The table function.</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindChunks(
        FunctionCall call)
    {
        if (call.Count is < 1 or > 3)
        {
            throw TableFunctionRegistry.WrongCount(call, "1 to 3");
        }

        SourcePosition position = call.Position;
        IEnumerable<Value[]> Run(Value[] values) => values.Any(value => value.IsNull)
            ? []
            : Pieces(
                values[0].AsText(), values[1].AsInt64(), values[2].AsInt64(), position)
                .Select((piece, i) => new[]
                {
                    Value.Of((long)i + 1), Value.Of(piece.Start), Value.Of(piece.Piece),
                });

        return (
            new TableFunction(
                call.Name,
                [
                    ("ordinal", DataType.BigInt), ("start", DataType.BigInt),
                    ("chunk", DataType.Text),
                ],
                Run),
            Arguments(call));
    }

    private static Expression[] Arguments(FunctionCall call) =>
    [
        call.Text(0),
        call.Count > 1 ? call.Whole(1) : Number(SizeUsual, call),
        call.Count > 2 ? call.Whole(2) : Number(0, call),
    ];

    private static Expression Number(long number, FunctionCall call) =>
        ExpressionFactory.Literal(Value.Of(number), call.Position);

    private static IEnumerable<(long Start, string Piece)> Pieces(
        string text, long size, long overlap, SourcePosition position)
    {
        bool isRight = size is > 0 and <= int.MaxValue && overlap >= 0 && overlap <= size / 2;
        return isRight
            ? TextChunks.Of(text, (int)size, (int)overlap)
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"A chunk has a size from 1 on and an overlap from 0 to half of it, not {size} "
                + $"and {overlap}.",
                position);
    }
}
