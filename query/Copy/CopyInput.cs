namespace NeuroDb.Query;

/// <summary>
/// A file read from its beginning to its end through one buffer. The bytes from
/// <see cref="Start"/> to <see cref="End"/> are there; behind them lie at least
/// <see cref="PaddingBytes"/> that may be read and mean nothing.
/// </summary>
internal sealed class CopyInput : IDisposable
{
    /// <summary>The bytes behind the end that vector loads may touch.</summary>
    public const int PaddingBytes = 64;

    private const int SizeBytes = 256 * 1024;
    private readonly IFile _file;
    private readonly ExecutionContext _context;
    private readonly PackedFile? _packed;
    private long _offset;

    /// <summary>
    /// Begins at the start of a file; of a packed one, if that may be, at its content.
    /// </summary>
    public CopyInput(IFile file, ExecutionContext context, bool mayBePacked)
    {
        _packed = mayBePacked ? PackedFile.TryOpen(file) : null;
        _file = file;
        _context = context;
        Length = file.Length;
        Buffer = GC.AllocateUninitializedArray<byte>(SizeBytes + PaddingBytes);
    }

    /// <summary>The name of the file, for messages.</summary>
    public string Name => Path.GetFileName(_file.Path);

    /// <summary>The length of the file when it was opened.</summary>
    public long Length { get; }

    /// <summary>The buffer; it changes with <see cref="Refill"/>.</summary>
    public byte[] Buffer { get; private set; }

    /// <summary>The first byte that was not consumed.</summary>
    public int Start { get; set; }

    /// <summary>Behind the last byte that was read.</summary>
    public int End { get; private set; }

    /// <summary>Whether the file has no bytes behind <see cref="End"/>.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The bytes consumed so far; of a packed file at most those that it has.</summary>
    public long Consumed => _packed is null
        ? _offset - (End - Start) : Math.Min(_offset - (End - Start), Length);

    /// <summary>The bytes at hand.</summary>
    public ReadOnlySpan<byte> Available => Buffer.AsSpan(Start, End - Start);

    /// <summary>
    /// Reads on: moves what is left to the front, and makes room if there is none.
    /// </summary>
    /// <returns>Whether bytes came.</returns>
    public bool Refill()
    {
        _context.ThrowIfCancelled();
        int left = End - Start;
        int size = Buffer.Length - PaddingBytes;
        if (left > size / 2)
        {
            Grow(size, left);
        }
        else
        {
            Buffer.AsSpan(Start, left).CopyTo(Buffer);
        }

        Start = 0;
        Span<byte> room = Buffer.AsSpan(left, Buffer.Length - PaddingBytes - left);
        int read = _packed is null ? _file.Read(_offset, room) : _packed.Read(room);
        _offset += read;
        End = left + read;
        IsAtEnd = End < Buffer.Length - PaddingBytes || (_packed is null && _offset >= Length);
        return read > 0;
    }

    /// <summary>Makes that many bytes available; false if the file ends before.</summary>
    public bool Need(int count)
    {
        while (End - Start < count)
        {
            if (IsAtEnd || !Refill())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads bytes anywhere; false if the file ends before.</summary>
    public bool TryReadAt(long offset, Span<byte> bytes)
    {
        _context.ThrowIfCancelled();
        return _file.Read(offset, bytes) == bytes.Length;
    }

    /// <summary>Says how much was consumed by reading anywhere.</summary>
    public void SkipTo(long offset)
    {
        Start = 0;
        End = 0;
        _offset = offset;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packed?.Dispose();
        _file.Dispose();
    }

    private void Grow(int room, int left)
    {
        if (room >= Limits.CopyRecordSizeBytesMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"A row of the file {Name} is longer than {Limits.CopyRecordSizeBytesMax} bytes. "
                + "Is a quote missing?");
        }

        byte[] larger = GC.AllocateUninitializedArray<byte>((room * 2) + PaddingBytes);
        Buffer.AsSpan(Start, left).CopyTo(larger);
        Buffer = larger;
    }
}
