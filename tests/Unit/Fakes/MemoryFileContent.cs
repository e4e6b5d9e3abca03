namespace NeuroDb.Tests.Unit;

/// <summary>The bytes of a file in memory.</summary>
internal sealed class MemoryFileContent(int id)
{
    private byte[] _bytes = [];

    /// <summary>The file, whatever its name.</summary>
    public int Id { get; } = id;

    /// <summary>The length in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes, to look at or to damage.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Writes, extending with zeros where needed.</summary>
    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        if (offset + data.Length > Length)
        {
            SetLength(offset + data.Length);
        }

        data.CopyTo(_bytes.AsSpan((int)offset));
    }

    /// <summary>Cuts or extends with zeros.</summary>
    public void SetLength(long length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(length, 2L * _bytes.Length));
        }

        if (length < Length)
        {
            _bytes.AsSpan((int)length, Length - (int)length).Clear();
        }

        Length = (int)length;
    }

    /// <summary>Another file of the same bytes.</summary>
    public MemoryFileContent Copy()
    {
        var copy = new MemoryFileContent(Id);
        copy.Write(0, Bytes);
        return copy;
    }
}
