using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace NeuroDb.Storage;

/// <summary>
/// The rows of a segment that are dead at a checkpoint, as docs/format.md draws them: for each
/// chunk that has some, their ordinals or, where they are many, a bitmap. A file is written once
/// and never changed; a later checkpoint writes a new one with all dead rows.
/// </summary>
/// <remarks>In memory a chunk has 64 words, bit r of them for row r, or null where none is dead.
/// </remarks>
internal static class DeleteFile
{
    /// <summary>The first eight bytes: "NEURODEL".</summary>
    public const ulong Magic = 0x4C_45_44_4F_52_55_45_4E;

    /// <summary>The words of a chunk.</summary>
    public const int WordCount = Limits.ChunkRowCount / 64;

    /// <summary>The bytes before the chunks.</summary>
    public const int HeaderSizeBytes = 64;

    /// <summary>From this many dead rows on a chunk is stored as a bitmap.</summary>
    public const int BitmapRowCountMin = WordCount * sizeof(ulong) / sizeof(ushort);

    private const int TrailerSizeBytes = sizeof(uint);
    private const int ChunkHeaderSizeBytes = 2 * sizeof(int);
    private const int GuidSizeBytes = 16;
    private const string Name = "the delete-file";

    /// <summary>
    /// Writes the file and flushes it; its name is made durable by the caller, with the others.
    /// </summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The path; a file that stands there was never published.</param>
    /// <param name="identity">What the rows belong to.</param>
    /// <param name="dead">For each chunk its dead rows, of which there must be some.</param>
    /// <param name="keys">The keys of the database, or null in a plain one.</param>
    public static DeleteFileInfo Write(
        IFileSystem files,
        string path,
        DeleteFileIdentity identity,
        IReadOnlyList<ulong[]?> dead,
        KeyRing? keys = null)
    {
        byte[] content = Encode(identity, dead, out long deadCount);
        byte[] stored = SealedFile.Seal(keys, FileKind.Deletes, identity.SegmentId, content);
        files.Delete(path);
        using IFile file = files.Open(path, FileOpenKind.Create);
        file.Write(0, stored);
        file.Flush();
        return new DeleteFileInfo(stored.Length, ReadCrc(content), deadCount);
    }

    /// <summary>Reads and verifies a file that the manifest names.</summary>
    public static ulong[]?[] Read(
        IFileSystem files,
        string path,
        DeleteFileIdentity identity,
        DeleteFileInfo expected,
        KeyRing? keys = null)
    {
        if (!files.FileExists(path))
        {
            throw new CorruptionException(path, 0, "the delete-file is missing");
        }

        using IFile file = files.Open(path, FileOpenKind.Read);
        long length = file.Length;
        if (length != expected.Length || length > Array.MaxLength
            || length < HeaderSizeBytes + TrailerSizeBytes)
        {
            throw new CorruptionException(
                path,
                Math.Min(length, expected.Length),
                $"the delete-file has {length} bytes, not {expected.Length}");
        }

        byte[] stored = new byte[length];
        int read = file.Read(0, stored);
        byte[] content = SealedFile.Open(
            keys, FileKind.Deletes, identity.SegmentId, stored, path);
        if (read != stored.Length
            || content.Length < HeaderSizeBytes + TrailerSizeBytes
            || ReadCrc(content) != expected.Crc
            || ReadCrc(content) != Crc32C.Compute(content.AsSpan(..^TrailerSizeBytes)))
        {
            throw new CorruptionException(
                path, length - TrailerSizeBytes, "the delete-file fails its checksum");
        }

        return Decode(content, path, identity, expected);
    }

    /// <summary>Reads a file of which no manifest tells anything; it must be whole.</summary>
    public static ulong[]?[] ReadUnnamed(
        IFileSystem files, string path, DeleteFileIdentity identity, KeyRing? keys)
    {
        using IFile file = files.Open(path, FileOpenKind.Read);
        byte[] stored = new byte[Math.Min(file.Length, Array.MaxLength)];
        _ = file.Read(0, stored);
        byte[] content = SealedFile.Open(
            keys, FileKind.Deletes, identity.SegmentId, stored, path);
        if (content.Length < HeaderSizeBytes + TrailerSizeBytes
            || ReadCrc(content) != Crc32C.Compute(content.AsSpan(..^TrailerSizeBytes)))
        {
            throw new CorruptionException(path, 0, "the delete-file fails its checksum");
        }

        long deadCount = BinaryPrimitives.ReadInt64LittleEndian(
            content.AsSpan(HeaderSizeBytes - sizeof(long)));
        return Decode(
            content, path, identity, new DeleteFileInfo(stored.Length, 0, deadCount));
    }

    private static byte[] Encode(
        DeleteFileIdentity identity, IReadOnlyList<ulong[]?> dead, out long deadCount)
    {
        Invariant.Check(identity.RowCount > 0 && identity.Number > 0 && identity.SegmentId > 0);
        Invariant.Check(dead.Count == identity.ChunkCount, "every chunk says what is dead");
        deadCount = 0;
        int chunkCount = 0;
        foreach (ulong[]? chunk in dead)
        {
            int count = CountOf(chunk);
            deadCount += count;
            chunkCount += count > 0 ? 1 : 0;
        }

        Invariant.Check(deadCount > 0, "a delete-file holds a dead row");
        var writer = new ArrayBufferWriter<byte>(HeaderSizeBytes + TrailerSizeBytes);
        writer.WriteInt64(unchecked((long)Magic));
        writer.WriteInt32((int)SuperBlock.FormatVersion);
        writer.WriteInt32(chunkCount);
        Invariant.Check(
            identity.DatabaseId.TryWriteBytes(
                writer.GetSpan(GuidSizeBytes), bigEndian: true, out _));
        writer.Advance(GuidSizeBytes);
        writer.WriteInt64(identity.SegmentId);
        writer.WriteInt64(identity.Number);
        writer.WriteInt64(identity.RowCount);
        writer.WriteInt64(deadCount);
        Invariant.Check(writer.WrittenCount == HeaderSizeBytes);
        for (int i = 0; i < dead.Count; i++)
        {
            EncodeChunk(writer, i, dead[i], RowCountOf(identity, i));
        }

        writer.WriteInt32(unchecked((int)Crc32C.Compute(writer.WrittenSpan)));
        return writer.WrittenSpan.ToArray();
    }

    private static void EncodeChunk(
        ArrayBufferWriter<byte> writer, int number, ulong[]? chunk, int rowCount)
    {
        int count = CountOf(chunk);
        if (count == 0)
        {
            return;
        }

        Invariant.Check(chunk!.Length == WordCount && EndOf(chunk) <= rowCount);
        writer.WriteInt32(number);
        writer.WriteInt32(count);
        if (count >= BitmapRowCountMin)
        {
            writer.WriteRaw<ulong>(chunk);
            return;
        }

        for (int row = 0; row < rowCount; row++)
        {
            if ((chunk[row / 64] >> (row % 64) & 1) != 0)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(
                    writer.GetSpan(sizeof(ushort)), (ushort)row);
                writer.Advance(sizeof(ushort));
            }
        }
    }

    private static ulong[]?[] Decode(
        byte[] content, string path, DeleteFileIdentity identity, DeleteFileInfo expected)
    {
        var reader = new RecordReader(path);
        reader.Start(content.AsMemory(0, content.Length - TrailerSizeBytes), Name);
        ulong magic = unchecked((ulong)reader.ReadInt64());
        reader.Check(magic == Magic, "the magic of a delete-file");
        reader.Check(reader.ReadInt32() == SuperBlock.FormatVersion, "the version that SUPER has");
        int chunkCount = reader.ReadInt32();
        Span<byte> id = stackalloc byte[GuidSizeBytes];
        reader.Read(id);
        reader.Check(
            new Guid(id, bigEndian: true) == identity.DatabaseId
            && reader.ReadInt64() == identity.SegmentId
            && reader.ReadInt64() == identity.Number
            && reader.ReadInt64() == identity.RowCount
            && reader.ReadInt64() == expected.DeadCount,
            "the identity that the manifest names");
        reader.Check(
            chunkCount > 0 && chunkCount <= reader.Remaining / ChunkHeaderSizeBytes
            && chunkCount <= identity.ChunkCount,
            "the number of chunks");
        var dead = new ulong[]?[identity.ChunkCount];
        long deadCount = 0;
        int last = -1;
        for (int i = 0; i < chunkCount; i++)
        {
            int number = reader.ReadInt32();
            reader.Check(number > last && number < dead.Length, "ascending chunks");
            dead[number] = DecodeChunk(reader, RowCountOf(identity, number), out int count);
            deadCount += count;
            last = number;
        }

        reader.Check(deadCount == expected.DeadCount, "the number of dead rows");
        reader.Check(reader.Remaining == 0, "the end of the delete-file");
        return dead;
    }

    private static ulong[] DecodeChunk(RecordReader reader, int rowCount, out int count)
    {
        count = reader.ReadCount(rowCount, "dead rows");
        var chunk = new ulong[WordCount];
        if (count >= BitmapRowCountMin)
        {
            reader.ReadRaw(chunk.AsSpan());
            reader.Check(
                CountOf(chunk) == count && EndOf(chunk) <= rowCount, "the rows of the chunk");
            return chunk;
        }

        Span<ushort> rows = stackalloc ushort[BitmapRowCountMin];
        rows = rows[..count];
        reader.ReadRaw(rows);
        reader.Check(count > 0, "a dead row");
        int last = -1;
        foreach (ushort row in rows)
        {
            reader.Check(row > last && row < rowCount, "ascending rows of the chunk");
            chunk[row / 64] |= 1UL << (row % 64);
            last = row;
        }

        return chunk;
    }

    private static uint ReadCrc(ReadOnlySpan<byte> content) =>
        BinaryPrimitives.ReadUInt32LittleEndian(content[^TrailerSizeBytes..]);

    private static int RowCountOf(DeleteFileIdentity identity, int chunk) => (int)Math.Min(
        identity.RowCount - ((long)chunk * Limits.ChunkRowCount), Limits.ChunkRowCount);

    private static int CountOf(ulong[]? chunk)
    {
        int count = 0;
        foreach (ulong word in chunk ?? [])
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    // The row after the last that is set; 0 if none is.
    private static int EndOf(ulong[] chunk)
    {
        int word = chunk.Length - 1;
        while (word >= 0 && chunk[word] == 0)
        {
            word--;
        }

        return word < 0 ? 0 : (word * 64) + 64 - BitOperations.LeadingZeroCount(chunk[word]);
    }
}
