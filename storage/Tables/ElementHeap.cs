using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The bytes of elements of varying size, by row, outside of the collector's heap: each with its
/// length before it, one behind the other in blocks that never move. One writer, who sets rows that
/// are not published yet; readers look at those that were before. Rows that nobody set have no
/// element.
/// </summary>
/// <param name="capacity">How many rows.</param>
internal sealed class ElementHeap(int capacity)
{
    private const int BlockSizeBytesMin = 64 << 10;
    private const int BlockSizeBytesMax = 1 << 20;

    // As many rows take a little more or less another time.
    private const int SpareShare = 16;
    private readonly NativeArray<long> _places = new(capacity, NativeRegion.InSmallPages);
    private NativeArray<byte>[] _blocks = [];
    private int _count;
    private int _used;

    /// <summary>How many rows there can be.</summary>
    public int Capacity => _places.Length;

    /// <summary>The bytes of the elements that were set.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>
    /// Has the system find the memory of the first elements, so that who sets them waits for none.
    /// </summary>
    /// <param name="sizeBytes">The bytes that those of as many rows took, or 0.</param>
    public void Touch(long sizeBytes)
    {
        _places.Touch();
        AddBlock((int)Math.Clamp(
            sizeBytes + (sizeBytes / SpareShare), BlockSizeBytesMin, BlockSizeBytesMax));
        _blocks[0].Touch();
    }

    /// <summary>Whether a row has an element.</summary>
    public bool IsSet(int row) => _places.Span[row] != 0;

    /// <summary>The bytes of the element of a row; none if it has no element.</summary>
    public ReadOnlySpan<byte> At(int row)
    {
        long place = _places.Span[row];
        if (place == 0)
        {
            return default;
        }

        ReadOnlySpan<byte> bytes =
            Volatile.Read(ref _blocks)[place >> 32].Span[((int)place - sizeof(int))..];
        return bytes.Slice(sizeof(int), MemoryMarshal.Read<int>(bytes));
    }

    /// <summary>Sets the element of a row.</summary>
    public void Set(int row, ReadOnlySpan<byte> element)
    {
        int size = checked(sizeof(int) + element.Length);
        if (_count == 0 || size > _blocks[_count - 1].Length - _used)
        {
            AddBlock(size);
        }

        Span<byte> to = _blocks[_count - 1].Span[_used..];
        int length = element.Length;
        MemoryMarshal.Write(to, in length);
        element.CopyTo(to[sizeof(int)..]);
        _places.Span[row] = ((long)(_count - 1) << 32) | (uint)(_used + sizeof(int));
        _used += size;
        SizeBytes += size;
    }

    /// <summary>Takes the element of a row away.</summary>
    public void Clear(int row) => _places.Span[row] = 0;

    /// <summary>Asks for the memory of the place of a row.</summary>
    public void Prefetch(int row) =>
        CacheLines.Prefetch(ref MemoryMarshal.AsBytes(_places.Span[row..])[0]);

    /// <summary>Gives the memory back: nobody reads the rows any more.</summary>
    public void Release()
    {
        _places.Release();
        for (int i = 0; i < _count; i++)
        {
            _blocks[i].Release();
        }
    }

    // Each block is larger than the one before, so that a chunk of long elements has few of them.
    private void AddBlock(int sizeBytes)
    {
        int usual = _count == 0
            ? BlockSizeBytesMin
            : Math.Min(2 * _blocks[_count - 1].Length, BlockSizeBytesMax);
        NativeArray<byte>[] blocks = _blocks;
        if (_count == blocks.Length)
        {
            blocks = new NativeArray<byte>[Math.Max(4, 2 * _count)];
            _blocks.CopyTo(blocks, 0);
        }

        blocks[_count] = new NativeArray<byte>(
            Math.Max(usual, sizeBytes), NativeRegion.InSmallPages);
        Volatile.Write(ref _blocks, blocks);
        _count++;
        _used = 0;
    }
}
