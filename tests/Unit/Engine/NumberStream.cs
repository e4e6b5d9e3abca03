namespace NeuroDb.Tests.Unit;

/// <summary>
/// A stream of any length whose bytes follow from their places, so that nothing of it is kept.
/// </summary>
internal sealed class NumberStream(long length, int seed = 0) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>The byte at a place.</summary>
    public static byte At(long place, int seed = 0) =>
        (byte)(((place * 31) + (place >> 8) + (place >> 17) + seed) % 251);

    /// <summary>The first bytes.</summary>
    public static byte[] Bytes(int length, int seed = 0)
    {
        var bytes = new byte[length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = At(i, seed);
        }

        return bytes;
    }

    public override int Read(Span<byte> buffer)
    {
        int size = (int)Math.Min(Math.Min(buffer.Length, 50_000), length - _position);
        for (int i = 0; i < size; i++)
        {
            buffer[i] = At(_position + i, seed);
        }

        _position += size;
        return size;
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();
}
