using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace NeuroDb.Storage;

/// <summary>
/// Reads the fields of a record, or of the parts of a transaction one after the other. Every read
/// is checked against what is left; a record that ends too early or holds an impossible value is a
/// <see cref="CorruptionException"/>.
/// </summary>
internal sealed class RecordReader
{
    private static readonly List<ReadOnlyMemory<byte>> NoMore = [];
    private readonly string _path;
    private List<ReadOnlyMemory<byte>> _more = NoMore;
    private ReadOnlyMemory<byte> _segment;
    private string _what = "";
    private int _next;
    private int _offset;
    private long _read;

    /// <summary>Makes a reader, which is to be started.</summary>
    /// <param name="path">The log, for errors.</param>
    public RecordReader(string path) => _path = path;

    /// <summary>Starts at the first byte of a record.</summary>
    /// <param name="record">The bytes.</param>
    /// <param name="what">The record, for errors.</param>
    public void Start(ReadOnlyMemory<byte> record, string what)
    {
        _more = NoMore;
        _next = 0;
        _segment = record;
        _offset = 0;
        _read = 0;
        _what = what;
        Remaining = record.Length;
    }

    /// <summary>
    /// Starts at the first byte of several pieces, none of which is empty. They are let go as they
    /// are read.
    /// </summary>
    public void Start(List<ReadOnlyMemory<byte>> segments, string what)
    {
        Start(default(ReadOnlyMemory<byte>), what);
        _more = segments;
        foreach (ReadOnlyMemory<byte> segment in segments)
        {
            Invariant.Check(segment.Length > 0);
            Remaining += segment.Length;
        }
    }

    /// <summary>The bytes not read yet.</summary>
    public long Remaining { get; private set; }

    /// <summary>Raises the error for an impossible value.</summary>
    public CorruptionException Bad(string detail) =>
        new(_path, _read, $"{_what}: {detail}");

    /// <summary>Raises an error unless what was read makes sense.</summary>
    public void Check(
        bool condition, [CallerArgumentExpression(nameof(condition))] string rule = "")
    {
        if (!condition)
        {
            throw Bad($"expected {rule}");
        }
    }

    /// <summary>Fills a buffer with the next bytes.</summary>
    public void Read(Span<byte> to)
    {
        if (to.Length > Remaining)
        {
            throw Bad($"it ends {to.Length - Remaining} bytes too early");
        }

        Remaining -= to.Length;
        _read += to.Length;
        if (to.Length <= _segment.Length - _offset)
        {
            _segment.Span.Slice(_offset, to.Length).CopyTo(to);
            _offset += to.Length;
            return;
        }

        while (to.Length > 0)
        {
            ReadOnlySpan<byte> left = Here();
            int count = Math.Min(left.Length, to.Length);
            left[..count].CopyTo(to);
            to = to[count..];
            _offset += count;
        }
    }

    /// <summary>All bytes not read yet, uncopied, of a record that is one piece.</summary>
    public ReadOnlyMemory<byte> TakeRest(ReadOnlyMemory<byte> record)
    {
        Invariant.Check(_more.Count == 0);
        ReadOnlyMemory<byte> rest = record[^(int)Remaining..];
        _offset += rest.Length;
        _read += rest.Length;
        Remaining = 0;
        return rest;
    }

    /// <summary>One byte.</summary>
    public byte ReadByte()
    {
        Span<byte> bytes = stackalloc byte[1];
        Read(bytes);
        return bytes[0];
    }

    /// <summary>32 bits.</summary>
    public int ReadInt32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        Read(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    /// <summary>64 bits.</summary>
    public long ReadInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        Read(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    /// <summary>Passes over what is not read yet, of a record that is one piece.</summary>
    public void SkipRest()
    {
        Invariant.Check(_more.Count == 0);
        _offset = _segment.Length;
        _read += Remaining;
        Remaining = 0;
    }

    /// <summary>A count from 0 to a bound.</summary>
    public int ReadCount(int bound, string what)
    {
        int count = ReadInt32();
        if (count < 0 || count > bound)
        {
            throw Bad($"{count} {what}; at most {bound} are possible");
        }

        return count;
    }

    /// <summary>Elements as they lay in memory.</summary>
    public void ReadRaw<T>(Span<T> to)
        where T : struct => Read(MemoryMarshal.AsBytes(to));

    /// <summary>A size in bytes that the rest of the record must have.</summary>
    public int ReadSize(string what)
    {
        int size = ReadInt32();
        if (size < 0 || size > Remaining)
        {
            throw Bad($"{what} of {size} bytes where {Remaining} are left");
        }

        return size;
    }

    /// <summary>A text with its length before it.</summary>
    public string ReadText()
    {
        int length = ReadInt32();
        bool isUtf8 = length >= 0;
        int size = isUtf8 ? length : ~length;
        if (size > Remaining)
        {
            throw Bad($"a text of {size} bytes where {Remaining} are left");
        }

        if (!isUtf8)
        {
            Check(size % sizeof(char) == 0, "whole UTF-16 units");
            var units = new char[size / sizeof(char)];
            ReadRaw(units.AsSpan());
            return new string(units);
        }

        try
        {
            return TextEncoding.Strict.GetString(Take(size));
        }
        catch (DecoderFallbackException)
        {
            throw Bad("a text is not UTF-8");
        }
    }

    /// <summary>A text or null.</summary>
    public string? ReadOptionalText() => ReadByte() switch
    {
        0 => null,
        1 => ReadText(),
        _ => throw Bad("a mark other than 0 and 1"),
    };

    // The next bytes in one piece: in place if they lie in one segment.
    private ReadOnlySpan<byte> Take(int size)
    {
        if (size == 0)
        {
            return default;
        }

        ReadOnlySpan<byte> here = Here();
        if (size > here.Length)
        {
            var bytes = new byte[size];
            Read(bytes);
            return bytes;
        }

        Remaining -= size;
        _read += size;
        _offset += size;
        return here[..size];
    }

    // What is left of the piece that holds the next byte; there must be one.
    private ReadOnlySpan<byte> Here()
    {
        if (_offset == _segment.Length)
        {
            _segment = _more[_next];
            _more[_next++] = default;
            _offset = 0;
        }

        return _segment.Span[_offset..];
    }
}
