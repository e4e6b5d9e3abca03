using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// The tables of a segment's directory: chunks, extents, key runs, their fences, the seals of the
/// pages, the bounds of the columns and the schema. Made by the writer, or read and checked; never
/// changed.
/// </summary>
internal sealed class SegmentDirectory
{
    private const int PagePaddingMask = SegmentFormat.BlockSizeBytes - 1;

    /// <summary>The checksum of the schema it was written for.</summary>
    public required uint SchemaFingerprint { get; init; }

    /// <summary>The columns of the table.</summary>
    public required int ColumnCount { get; init; }

    /// <summary>The chunks, in row order.</summary>
    public required ChunkRecord[] Chunks { get; init; }

    /// <summary>The extents, in the order of the file.</summary>
    public required ExtentRecord[] Extents { get; init; }

    /// <summary>The key runs, in the order of the schema.</summary>
    public required KeyRecord[] Keys { get; init; }

    /// <summary>The first code of each piece of each key run.</summary>
    public required ulong[] Fences { get; init; }

    /// <summary>The seals of the pages.</summary>
    public required byte[] Seals { get; init; }

    /// <summary>The bounds of the columns.</summary>
    public required byte[] Zones { get; init; }

    /// <summary>The schema that it was written for, as in the records of the log.</summary>
    public required byte[] Schema { get; init; }

    /// <summary>
    /// The number that the row numbers are relative to, or -1 where only the manifest knows it.
    /// </summary>
    public required long BaseRowId { get; init; }

    /// <summary>The bytes for the file, padded to whole blocks.</summary>
    public byte[] Encode(int pageCount)
    {
        long size = SegmentFormat.DirectoryHeaderSizeBytes
            + ((long)(Chunks.Length + Extents.Length + Keys.Length)
                * SegmentFormat.RecordSizeBytes)
            + ((long)Fences.Length * sizeof(ulong)) + Seals.Length + Zones.Length + Schema.Length;
        var bytes = new byte[checked((int)((size + PagePaddingMask) & ~PagePaddingMask))];
        ReadOnlySpan<uint> counts =
        [
            SegmentFormat.DirectoryMagic, SchemaFingerprint, (uint)ColumnCount,
            (uint)Chunks.Length, (uint)Keys.Length, (uint)Extents.Length, (uint)pageCount,
            (uint)Fences.Length, (uint)Zones.Length, (uint)Schema.Length,
        ];
        MemoryMarshal.AsBytes(counts).CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(
            bytes.AsSpan(counts.Length * sizeof(uint)), BaseRowId);
        Span<byte> target = bytes.AsSpan(SegmentFormat.DirectoryHeaderSizeBytes);
        Put<ChunkRecord>(Chunks, ref target);
        Put<ExtentRecord>(Extents, ref target);
        Put<KeyRecord>(Keys, ref target);
        Put<ulong>(Fences, ref target);
        Put<byte>(Seals, ref target);
        Put<byte>(Zones, ref target);
        Put<byte>(Schema, ref target);
        Invariant.Check(!target.ContainsAnyExcept((byte)0));
        return bytes;
    }

    /// <summary>Reads a directory whose seal was opened; checks only that the tables fit.</summary>
    public static SegmentDirectory Decode(
        ReadOnlySpan<byte> bytes, int sealSizeBytes, long pageCount, string path, long offset)
    {
        var reader = new BlockReader(bytes, path, offset);
        BlockReader head =
            new(reader.Take(SegmentFormat.DirectoryHeaderSizeBytes), path, offset);
        head.Check(head.Read<uint>() == SegmentFormat.DirectoryMagic, "no directory");
        uint fingerprint = head.Read<uint>();
        int columns = ReadCount(ref head);
        int chunks = ReadCount(ref head);
        int keys = ReadCount(ref head);
        int extents = ReadCount(ref head);
        int pages = ReadCount(ref head);
        int fences = ReadCount(ref head);
        int zones = ReadCount(ref head);
        int schema = ReadCount(ref head);
        long baseRowId = head.Read<long>();
        head.Check(schema > 0 && baseRowId >= -1, "no schema or an impossible base");
        head.Check(
            !head.Take(head.Remaining).ContainsAnyExcept((byte)0), "bytes that must be zero");
        head.Check(pages == pageCount, "another count of pages than the footer");
        var directory = new SegmentDirectory
        {
            SchemaFingerprint = fingerprint,
            ColumnCount = columns,
            Chunks = ReadTable<ChunkRecord>(ref reader, chunks, SegmentFormat.RecordSizeBytes),
            Extents = ReadTable<ExtentRecord>(ref reader, extents, SegmentFormat.RecordSizeBytes),
            Keys = ReadTable<KeyRecord>(ref reader, keys, SegmentFormat.RecordSizeBytes),
            Fences = ReadTable<ulong>(ref reader, fences, sizeof(ulong)),
            Seals = ReadTable<byte>(ref reader, (long)pages * sealSizeBytes, sizeof(byte)),
            Zones = ReadTable<byte>(ref reader, zones, sizeof(byte)),
            Schema = ReadTable<byte>(ref reader, schema, sizeof(byte)),
            BaseRowId = baseRowId,
        };
        reader.Check(reader.Remaining <= PagePaddingMask, "bytes behind the tables");
        reader.Check(
            !reader.Take(reader.Remaining).ContainsAnyExcept((byte)0),
            "bytes that must be zero");
        return directory;
    }

    private static void Put<T>(ReadOnlySpan<T> table, ref Span<byte> target)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(table);
        bytes.CopyTo(target);
        target = target[bytes.Length..];
    }

    private static int ReadCount(ref BlockReader head)
    {
        uint count = head.Read<uint>();
        head.Check(count <= int.MaxValue, "an impossible count");
        return (int)count;
    }

    private static T[] ReadTable<T>(ref BlockReader reader, long count, int recordSizeBytes)
        where T : unmanaged
    {
        long size = count * recordSizeBytes;
        reader.Check(size <= reader.Remaining, "a table that is longer than the directory");
        return MemoryMarshal.Cast<byte, T>(reader.Take((int)size)).ToArray();
    }
}
