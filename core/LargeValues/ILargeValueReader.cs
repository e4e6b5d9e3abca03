namespace NeuroDb;

/// <summary>
/// An open large value, read at any place and in pieces of any size. One thread at a time.
/// </summary>
internal interface ILargeValueReader : IDisposable
{
    /// <summary>The bytes of the value; of a text in UTF-8.</summary>
    long Length { get; }

    /// <summary>Reads up to the end of the buffer or of the value.</summary>
    /// <returns>The bytes read; less than asked only at the end.</returns>
    int Read(long offset, Span<byte> buffer);
}
