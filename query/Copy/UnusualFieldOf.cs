namespace NeuroDb.Query;

/// <summary>A type without a fast way: its text is always read by <see cref="ValueParser"/>.
/// </summary>
internal struct UnusualField<T> : IFieldReader<T>
{
    /// <inheritdoc/>
    public readonly bool TryRead(ReadOnlySpan<byte> text, DataType type, out T value)
    {
        value = default!;
        return false;
    }
}
