using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// The vectors that an encoder of the program gives of texts, a batch at a time and each text of a
/// batch once. NULL of NULL.
/// </summary>
internal sealed class GivenEncoderExpression(
    string encoder, Expression text, SourcePosition position) : Expression(DataType.VectorOf(0))
{
    private const int TextCountMax = 256;
    private static readonly RowBatch SingleRow = new([], 1);

    /// <summary>The name of the encoder.</summary>
    public string Encoder { get; } = encoder;

    /// <inheritdoc/>
    public override IReadOnlyList<Expression> Children { get; } = [text];

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new GivenEncoderExpression(Encoder, children[0], position);

    /// <inheritdoc/>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context)
    {
        if (IsRowIndependent && batch.Count > 1)
        {
            return ColumnLoops.Repeat(Evaluate(SingleRow, context), batch.Count);
        }

        ColumnBuffer texts = Children[0].Evaluate(batch, context);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int row = 0; row < batch.Count; row++)
        {
            if (!texts.IsNull(row))
            {
                places.TryAdd(texts.GetValue(row).AsText(), places.Count);
            }
        }

        Value[] vectors = Encode([.. places.Keys], context);
        ColumnBuilder builder = ColumnBuilder.Create(Type, batch.Count);
        for (int row = 0; row < batch.Count; row++)
        {
            builder.Append(texts.IsNull(row)
                ? Value.Null
                : vectors[places[texts.GetValue(row).AsText()]]);
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    public override string ToString() => $"embed({SqlText.Literal(Encoder)}, {Children[0]})";

    private Value[] Encode(string[] texts, ExecutionContext context)
    {
        var vectors = new Value[texts.Length];
        int length = -1;
        for (int at = 0; at < texts.Length; at += TextCountMax)
        {
            context.ThrowIfCancelled();
            string[] piece = texts[at..Math.Min(texts.Length, at + TextCountMax)];
            IReadOnlyList<float[]> given = Ask(piece, context);
            if (given is null || given.Count != piece.Length)
            {
                throw Failed(string.Create(
                    CultureInfo.InvariantCulture,
                    $"gave {given?.Count ?? 0} vectors for {piece.Length} texts"));
            }

            for (int i = 0; i < piece.Length; i++)
            {
                vectors[at + i] = Checked(given[i], ref length);
            }
        }

        return vectors;
    }

    // What the program's code raises is its own; here it becomes an error of the statement.
    private IReadOnlyList<float[]> Ask(string[] texts, ExecutionContext context)
    {
        if (!context.Encoders.TryGetValue(Encoder, out TextVectorizer? vectorizer))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"The program registered no encoder '{Encoder}'; give it in "
                + "NeuroStoreOptions.Encoders when the database is opened, or write the name of a "
                + "model without quotes.",
                position);
        }

        try
        {
            return vectorizer(texts, context.Cancellation);
        }
        catch (Exception failure)
            when (failure is not (NeuroStoreException or OperationCanceledException))
        {
            throw Failed($"failed: {failure.Message}", failure);
        }
    }

    private Value Checked(float[]? vector, ref int length)
    {
        if (vector is null or [] || (length >= 0 && vector.Length != length))
        {
            throw Failed("gave vectors of different lengths, or none");
        }

        length = vector.Length;
        return Array.TrueForAll(vector, float.IsFinite)
            ? Value.Of((ReadOnlyMemory<float>)vector)
            : throw Failed("gave NaN or an infinity");
    }

    private NeuroStoreException Failed(string what, Exception? cause = null) => new(
        ErrorCode.EncoderFailed,
        $"The encoder '{Encoder}' of the program {what}.",
        position,
        cause);
}
