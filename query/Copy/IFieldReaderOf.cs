namespace NeuroDb.Query;

/// <summary>
/// The fast way from the text of a field to a value of one type. It may decline what it finds
/// unusual: <see cref="ValueParser"/> decides then, and must agree on all that is read here.
/// </summary>
internal interface IFieldReader<T>
{
    /// <summary>Reads the UTF-8 text of a field; false if it is not of the usual form.</summary>
    bool TryRead(ReadOnlySpan<byte> text, DataType type, out T value);
}
