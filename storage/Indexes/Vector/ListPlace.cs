using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Where the blocks and the ordinals of a <see cref="VectorList"/> lie. Searches visit lists at
/// random: they find all of it in one line, and neither wait for the objects that hold the arrays
/// nor for the lengths of these.
/// </summary>
internal readonly struct ListPlace
{
    private readonly byte[] _blocks;
    private readonly int[] _ordinals;
    private readonly int _offset;
    private readonly int _length;

    /// <summary>The place of a list, whose blocks lie in an array.</summary>
    public ListPlace(VectorList list)
    {
        Invariant.Check(MemoryMarshal.TryGetArray(list.Blocks, out ArraySegment<byte> blocks));
        _blocks = blocks.Array ?? [];
        _offset = blocks.Offset;
        _length = blocks.Count;
        _ordinals = list.Ordinals;
        Count = list.Count;
    }

    /// <summary>How many rows.</summary>
    public int Count { get; }

    /// <summary>The blocks.</summary>
    public ReadOnlySpan<byte> Blocks => MemoryMarshal.CreateReadOnlySpan(
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_blocks), _offset), _length);

    /// <summary>The ordinal of the row in a slot, which a scan of the list gave.</summary>
    public ref readonly int Ordinal(int slot) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_ordinals), slot);
}
