namespace NeuroDb.Query;

/// <summary>BOOLEAN: the forms that programs write.</summary>
internal struct BooleanField : IFieldReader<long>
{
    /// <inheritdoc/>
    public readonly bool TryRead(ReadOnlySpan<byte> text, DataType type, out long value)
    {
        bool isTrue = text.SequenceEqual("true"u8) || text.SequenceEqual("t"u8)
            || text.SequenceEqual("1"u8);
        value = isTrue ? 1 : 0;
        return isTrue || text.SequenceEqual("false"u8) || text.SequenceEqual("f"u8)
            || text.SequenceEqual("0"u8);
    }
}
