using System.Text;

namespace NeuroDb;

/// <summary>
/// Reads the characters of a large text by their places, as GetChars asks: forward without reading
/// anything twice, backward from the start again.
/// </summary>
internal sealed class LargeTextCursor(LargeValue value) : IDisposable
{
    private const int BufferLength = 16 * 1024;
    private StreamReader? _reader;
    private long _position;
    private long _length = -1;

    /// <summary>A reader over a whole text.</summary>
    public static StreamReader Open(LargeValue value) => new(
        new LargeValueStream(value.Open()),
        Encoding.UTF8,
        detectEncodingFromByteOrderMarks: false,
        BufferLength);

    /// <summary>The UTF-16 units of the text.</summary>
    public long Length()
    {
        LargeReference reference = value.Reference;
        if (reference.CharacterCount == reference.SizeBytes)
        {
            return reference.SizeBytes;
        }

        if (_length < 0)
        {
            Skip(long.MaxValue);
            _length = _position;
        }

        return _length;
    }

    /// <summary>Copies units from a place on.</summary>
    /// <returns>How many; less than asked only at the end.</returns>
    public int Read(long offset, Span<char> buffer)
    {
        Skip(offset);
        if (_position < offset)
        {
            return 0;
        }

        int count = _reader!.ReadBlock(buffer);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();

    private void Skip(long offset)
    {
        if (_reader is null || _position > offset)
        {
            _reader?.Dispose();
            _reader = Open(value);
            _position = 0;
        }

        var piece = new char[BufferLength];
        int count = 1;
        while (count > 0 && _position < offset)
        {
            count = _reader.ReadBlock(
                piece.AsSpan(0, (int)Math.Min(piece.Length, offset - _position)));
            _position += count;
        }
    }
}
