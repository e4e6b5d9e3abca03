using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Reads the bytes of an extent in order and refuses what is not there: every count is held
/// against the bytes that are left before anything is made from it.
/// </summary>
internal ref struct BlockReader
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly string _path;
    private readonly long _offset;
    private int _position;

    /// <summary>Stands before the first byte.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="path">The file, for errors.</param>
    /// <param name="offset">Where the bytes begin in it, for errors.</param>
    public BlockReader(ReadOnlySpan<byte> data, string path, long offset)
    {
        _data = data;
        _path = path;
        _offset = offset;
    }

    /// <summary>The bytes not read yet.</summary>
    public readonly int Remaining => _data.Length - _position;

    /// <summary>The next bytes.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        Check((uint)count <= (uint)Remaining, "bytes that are not there");
        ReadOnlySpan<byte> taken = _data.Slice(_position, count);
        _position += count;
        return taken;
    }

    /// <summary>The next number.</summary>
    public T Read<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>()));

    /// <summary>Raises an error unless what was read makes sense.</summary>
    public readonly void Check(bool condition, string detail)
    {
        if (!condition)
        {
            throw Bad(detail);
        }
    }

    /// <summary>The error for what was read.</summary>
    public readonly CorruptionException Bad(string detail) =>
        new(_path, _offset + _position, $"the column data holds {detail}");
}
