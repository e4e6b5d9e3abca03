using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The bytes of the index of a segment's vectors, as docs/format.md draws them: numbers, sizes of
/// lists, origin, centroids, ordinals, blocks, a checksum. Written once and never changed. A file
/// that is absent, damaged or of another definition is no error: the index is made again from the
/// rows.
/// </summary>
internal static class VectorPartFile
{
    /// <summary>The first eight bytes: "NEUROVEC".</summary>
    public const ulong Magic = 0x43_45_56_4F_52_55_45_4E;

    private const int Version = 8;
    private const int HeaderSizeBytes = 192;
    private const int BlocksAlignmentBytes = 64;
    private const int CrcSizeBytes = sizeof(uint);

    /// <summary>The content of the file of a part.</summary>
    public static byte[] Encode(
        in VectorPartIdentity identity, VectorIndexOptions options, VectorPart part)
    {
        VectorList[] lists =
            [.. Enumerable.Range(0, part.ListCount).Select(part.List)];
        int[] sizes = [.. lists.Select(static list => list.Count)];
        long blocks = lists.Sum(static list => (long)list.Blocks.Length);
        long start = BlocksOffset(
            part.ListCount,
            part.Unlisted.Length,
            part.RowCount,
            part.Origin.Length + part.Centroids.Vectors.Length);
        var content = new byte[checked((int)(start + blocks + CrcSizeBytes))];
        WriteHeader(content, identity, options, part);
        int at = HeaderSizeBytes;
        Put(MemoryMarshal.AsBytes(sizes.AsSpan()), content, ref at);
        Put(MemoryMarshal.AsBytes(part.Unlisted.AsSpan()), content, ref at);
        Put(MemoryMarshal.AsBytes(part.Origin.AsSpan()), content, ref at);
        Put(MemoryMarshal.AsBytes(part.Centroids.Vectors.AsSpan()), content, ref at);
        foreach (VectorList list in lists)
        {
            Put(MemoryMarshal.AsBytes(list.Ordinals.AsSpan()), content, ref at);
        }

        at = (int)start;
        foreach (VectorList list in lists)
        {
            Put(list.Blocks.Span, content, ref at);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(
            content.AsSpan(at), Crc32C.Compute(content.AsSpan(0, at)));
        return content;
    }

    /// <summary>Whether content is what was written.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> content) =>
        content.Length >= HeaderSizeBytes + CrcSizeBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(content[^CrcSizeBytes..])
            == Crc32C.Compute(content[..^CrcSizeBytes]);

    /// <summary>The part of a file; false if it is damaged or another one is wanted.</summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> content,
        in VectorPartIdentity identity,
        VectorIndexOptions options,
        VectorRows rows,
        out VectorPart? part)
    {
        part = null;
        ReadOnlySpan<byte> bytes = content.Span;
        if (!IsWhole(bytes) || !IsHeaderOf(bytes, identity, options, rows))
        {
            return false;
        }

        var rotation = new RandomRotation(rows.Dimension, options.Seed);
        int padded = rotation.PaddedDimension;
        int listCount = Int32At(bytes, 96);
        int unlistedCount = Int32At(bytes, 100);
        long rowCount = Int64At(bytes, 88);
        long start = BlocksOffset(
            listCount, unlistedCount, rowCount, (listCount + 1L) * padded);
        if (start > bytes.Length)
        {
            return false;
        }

        int at = HeaderSizeBytes;
        int[] sizes = Take<int>(bytes, listCount, ref at);
        int[] unlisted = Take<int>(bytes, unlistedCount, ref at);
        float[] origin = Take<float>(bytes, padded, ref at);
        float[] centroids = Take<float>(bytes, listCount * padded, ref at);
        VectorList[]? lists = ReadLists(bytes, sizes, (int)start, at, padded, rows.Count);
        if (lists is null || sizes.Sum(static size => (long)size) != rowCount
            || unlisted.Any(ordinal => (uint)ordinal >= (uint)rows.Count))
        {
            return false;
        }

        part = new VectorPart(
            options.Metric,
            rotation,
            new CentroidSet(centroids, padded),
            new VectorLists(lists),
            unlisted)
        {
            Origin = origin,
            Radius = SingleAt(bytes, 104),
            Dial = new VectorDial(
                SingleAt(bytes, 108), SingleAt(bytes, 112), SingleAt(bytes, 124),
                SingleAt(bytes, 80), SingleAt(bytes, 60))
            {
                Usual = new UsualDistances(
                    LimitsAt(bytes, 128), LimitsAt(bytes, 144),
                    SingleAt(bytes, 160), SingleAt(bytes, 164),
                    SingleAt(bytes, 168), SingleAt(bytes, 172)),
            },
            TargetRecall = options.TargetRecall,
            CalibratedRowCount = Int64At(bytes, 176),
            UncheckedRowCount = Int64At(bytes, 184),
            MeasuredRecall = BitConverter.Int64BitsToDouble(Int64At(bytes, 116)),
        };
        return true;
    }

    private static void WriteHeader(
        Span<byte> header, in VectorPartIdentity identity, VectorIndexOptions options,
        VectorPart part)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], part.Rotation.Dimension);
        identity.Segment.DatabaseId.TryWriteBytes(header[16..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[32..], identity.Segment.TableId);
        BinaryPrimitives.WriteInt32LittleEndian(header[36..], identity.IndexId);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], identity.Segment.SegmentId);
        BinaryPrimitives.WriteUInt32LittleEndian(header[48..], identity.SegmentCrc);
        BinaryPrimitives.WriteInt32LittleEndian(header[52..], (int)options.Metric);
        BinaryPrimitives.WriteInt32LittleEndian(header[56..], options.ListCount);
        BinaryPrimitives.WriteSingleLittleEndian(header[60..], part.Dial.MissingMax);
        BinaryPrimitives.WriteDoubleLittleEndian(header[64..], options.TargetRecall);
        BinaryPrimitives.WriteUInt64LittleEndian(header[72..], options.Seed);
        BinaryPrimitives.WriteSingleLittleEndian(header[80..], part.Dial.MiddleReach);
        BinaryPrimitives.WriteInt64LittleEndian(header[88..], part.RowCount);
        BinaryPrimitives.WriteInt32LittleEndian(header[96..], part.ListCount);
        BinaryPrimitives.WriteInt32LittleEndian(header[100..], part.Unlisted.Length);
        BinaryPrimitives.WriteSingleLittleEndian(header[104..], part.Radius);
        BinaryPrimitives.WriteSingleLittleEndian(header[108..], part.Dial.Reach);
        BinaryPrimitives.WriteSingleLittleEndian(header[112..], part.Dial.Confidence);
        BinaryPrimitives.WriteDoubleLittleEndian(header[116..], part.MeasuredRecall);
        BinaryPrimitives.WriteSingleLittleEndian(header[124..], part.Dial.WideReach);
        UsualDistances usual = part.Dial.Usual ?? UsualDistances.Unknown;
        WriteLimits(header[128..], usual.Far);
        WriteLimits(header[144..], usual.Spread);
        BinaryPrimitives.WriteSingleLittleEndian(header[160..], usual.CentroidMin);
        BinaryPrimitives.WriteSingleLittleEndian(header[164..], usual.CentroidMax);
        BinaryPrimitives.WriteSingleLittleEndian(header[168..], usual.DepthMin);
        BinaryPrimitives.WriteSingleLittleEndian(header[172..], usual.DepthMax);
        BinaryPrimitives.WriteInt64LittleEndian(header[176..], part.CalibratedRowCount);
        BinaryPrimitives.WriteInt64LittleEndian(header[184..], part.UncheckedRowCount);
    }

    private static void WriteLimits(Span<byte> target, in UsualLimits limits)
    {
        BinaryPrimitives.WriteSingleLittleEndian(target, limits.First);
        BinaryPrimitives.WriteSingleLittleEndian(target[4..], limits.Near);
        BinaryPrimitives.WriteSingleLittleEndian(target[8..], limits.Middle);
        BinaryPrimitives.WriteSingleLittleEndian(target[12..], limits.Wide);
    }

    private static bool IsHeaderOf(
        ReadOnlySpan<byte> header, in VectorPartIdentity identity, VectorIndexOptions options,
        VectorRows rows) =>
        BinaryPrimitives.ReadUInt64LittleEndian(header) == Magic
        && Int32At(header, 8) == Version
        && Int32At(header, 12) == rows.Dimension
        && new Guid(header.Slice(16, 16)) == identity.Segment.DatabaseId
        && Int32At(header, 32) == identity.Segment.TableId
        && Int32At(header, 36) == identity.IndexId
        && Int64At(header, 40) == identity.Segment.SegmentId
        && (uint)Int32At(header, 48) == identity.SegmentCrc
        && Int32At(header, 52) == (int)options.Metric
        && Int32At(header, 56) == options.ListCount
        && BinaryPrimitives.ReadDoubleLittleEndian(header[64..]) == options.TargetRecall
        && (ulong)Int64At(header, 72) == options.Seed
        && Int64At(header, 88) is >= 0 and <= int.MaxValue
        && Int32At(header, 96) is >= 0 and <= VectorIndexOptions.ListCountMax
        && Int32At(header, 100) >= 0;

    private static VectorList[]? ReadLists(
        ReadOnlySpan<byte> bytes, int[] sizes, int start, int ordinalsAt, int padded, int rowCount)
    {
        int blockSize = ListBlocks.SizeBytes(padded);
        long blocks = sizes.Sum(size => (long)ListBlocks.CountOf(size) * blockSize);
        if (sizes.Any(static size => size < 0) || start + blocks + CrcSizeBytes != bytes.Length)
        {
            return null;
        }

        Memory<byte> all = AlignedMemory.Allocate<byte>((int)blocks);
        bytes.Slice(start, (int)blocks).CopyTo(all.Span);
        var lists = new VectorList[sizes.Length];
        for (int i = 0; i < lists.Length; i++)
        {
            int length = ListBlocks.CountOf(sizes[i]) * blockSize;
            int[] ordinals = Take<int>(bytes, sizes[i], ref ordinalsAt);
            if (ordinals.Any(ordinal => (uint)ordinal >= (uint)rowCount))
            {
                return null;
            }

            lists[i] = new VectorList(all[..length], ordinals);
            all = all[length..];
        }

        return lists;
    }

    private static long BlocksOffset(
        int lists, int unlisted, long rows, long centroidElements)
    {
        long end = HeaderSizeBytes + (sizeof(int) * (lists + unlisted + rows + centroidElements));
        return (end + BlocksAlignmentBytes - 1) / BlocksAlignmentBytes * BlocksAlignmentBytes;
    }

    private static void Put(ReadOnlySpan<byte> source, Span<byte> target, ref int at)
    {
        source.CopyTo(target[at..]);
        at += source.Length;
    }

    private static T[] Take<T>(ReadOnlySpan<byte> bytes, int count, ref int at)
        where T : unmanaged
    {
        T[] taken = MemoryMarshal.Cast<byte, T>(bytes.Slice(at, count * sizeof(int))).ToArray();
        at += count * sizeof(int);
        return taken;
    }

    private static int Int32At(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static long Int64At(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static UsualLimits LimitsAt(ReadOnlySpan<byte> bytes, int at) => new(
        SingleAt(bytes, at), SingleAt(bytes, at + 4), SingleAt(bytes, at + 8),
        SingleAt(bytes, at + 12));

    private static float SingleAt(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadSingleLittleEndian(bytes[at..]);
}
