using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NeuroDb.Query;

/// <summary>
/// A hash of which row has which part, whatever the order of the rows: sums of 64-bit hashes of
/// each, so that it takes no memory, and a SHA-256 of the sums.
/// </summary>
internal sealed class SplitHash
{
    private const int LaneCount = 4;
    private readonly ulong[] _lanes = new ulong[LaneCount];
    private long _count;

    /// <summary>Adds rows.</summary>
    public void Add(ReadOnlySpan<ulong> keys, ReadOnlySpan<byte> parts)
    {
        for (int row = 0; row < keys.Length; row++)
        {
            Add(Hash64.Combine(keys[row], parts[row]));
        }
    }

    /// <summary>Adds rows without parts.</summary>
    public void Add(ReadOnlySpan<ulong> keys)
    {
        foreach (ulong key in keys)
        {
            Add(key);
        }
    }

    private void Add(ulong hash)
    {
        for (int lane = 0; lane < LaneCount; lane++)
        {
            hash = Hash64.Mix(hash + (ulong)lane);
            _lanes[lane] += hash;
        }

        _count++;
    }

    /// <summary>The hash as hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[8 * (LaneCount + 1)];
        for (int lane = 0; lane < LaneCount; lane++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(8 * lane)..], _lanes[lane]);
        }

        BinaryPrimitives.WriteInt64LittleEndian(bytes[(8 * LaneCount)..], _count);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
