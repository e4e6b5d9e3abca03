using System.Buffers;
using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// The file HISTORY: written whole under another name and then given its own, so that it is always
/// one that was written. docs/format.md draws it.
/// </summary>
internal static class HistoryFile
{
    /// <summary>The name of the file.</summary>
    public const string Name = "HISTORY";

    private const string NewName = "HISTORY.new";
    private const ulong Magic = 0x53_49_48_4F_52_55_45_4E; // "NEUROHIS"
    private const int Version = 1;
    private const int GuidSizeBytes = 16;
    private const int EntrySizeBytesMin = 64;
    private const long Number = 1;

    /// <summary>Writes the file, durably.</summary>
    public static void Write(
        IFileSystem files, string root, SuperBlock super, KeyRing? keys, HistoryContent content)
    {
        byte[] stored = SealedFile.Seal(
            keys, FileKind.History, Number, Encode(super, content));
        string newPath = Path.Combine(root, NewName);
        files.Delete(newPath);
        using (IFile file = files.Open(newPath, FileOpenKind.Create))
        {
            file.Write(0, stored);
            file.Flush();
        }

        files.Move(newPath, Path.Combine(root, Name));
        files.FlushDirectory(root);
    }

    /// <summary>Removes the file, durably.</summary>
    public static void Delete(IFileSystem files, string root)
    {
        files.Delete(Path.Combine(root, NewName));
        if (files.FileExists(Path.Combine(root, Name)))
        {
            files.Delete(Path.Combine(root, Name));
            files.FlushDirectory(root);
        }
    }

    /// <summary>
    /// Reads the file; a checkpoint is left out that SUPER does not know: a crash came before it
    /// was published.
    /// </summary>
    /// <exception cref="CorruptionException">The file is damaged.</exception>
    public static HistoryContent Read(
        IFileSystem files, string root, SuperBlock super, KeyRing? keys)
    {
        string path = Path.Combine(root, Name);
        if (!files.FileExists(path))
        {
            return HistoryContent.Empty;
        }

        byte[] stored;
        using (IFile file = files.Open(path, FileOpenKind.Read))
        {
            stored = new byte[Math.Min(file.Length, Array.MaxLength)];
            if (file.Read(0, stored) != stored.Length)
            {
                throw new CorruptionException(path, 0, "the file ends early");
            }
        }

        byte[] content = SealedFile.Open(keys, FileKind.History, Number, stored, path);
        HistoryContent all = Decode(content, path, super);
        return all with
        {
            Checkpoints = [.. all.Checkpoints.Where(
                entry => entry.Manifest.Number <= super.Manifest.Number)],
        };
    }

    private static byte[] Encode(SuperBlock super, HistoryContent content)
    {
        var writer = new ArrayBufferWriter<byte>(1024);
        writer.WriteInt64(unchecked((long)Magic));
        writer.WriteInt32(Version);
        writer.WriteInt32((int)super.LogStart.Epoch);
        Invariant.Check(super.DatabaseId.TryWriteBytes(
            writer.GetSpan(GuidSizeBytes), bigEndian: true, out _));
        writer.Advance(GuidSizeBytes);
        writer.WriteInt64(content.Retention.Time?.Ticks / TimeSpan.TicksPerMicrosecond ?? -1);
        writer.WriteInt64(content.Retention.SizeBytes ?? -1);
        writer.WriteInt32(content.Checkpoints.Count);
        writer.WriteInt32(0);
        foreach (RetainedCheckpoint entry in content.Checkpoints)
        {
            writer.WriteInt64(entry.Manifest.Number);
            writer.WriteInt64(entry.Manifest.Length);
            writer.WriteInt64(entry.Timestamp);
            writer.WriteInt64(entry.Moment);
            writer.WriteInt64(entry.Log.Address);
            writer.WriteInt64(entry.Log.Lsn);
            writer.WriteInt32((int)entry.Log.Chain);
            writer.WriteInt32((int)entry.Manifest.Crc);
            writer.WriteInt32(entry.SegmentIds.Count);
            writer.WriteInt32(0);
            foreach (long id in entry.SegmentIds)
            {
                writer.WriteInt64(id);
            }
        }

        writer.WriteInt32(unchecked((int)Crc32C.Compute(writer.WrittenSpan)));
        return writer.WrittenSpan.ToArray();
    }

    private static HistoryContent Decode(byte[] content, string path, SuperBlock super)
    {
        int length = content.Length - sizeof(uint);
        if (length < 0
            || Crc32C.Compute(content.AsSpan(0, length))
                != BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(length)))
        {
            throw new CorruptionException(
                path, 0,
                "the history fails its checksum; remove the file to give the history up");
        }

        var reader = new RecordReader(path);
        reader.Start(content.AsMemory(0, length), "the history");
        reader.Check(unchecked((ulong)reader.ReadInt64()) == Magic, "the magic of a history");
        reader.Check(reader.ReadInt32() == Version, "a known version");
        uint epoch = (uint)reader.ReadInt32();
        Span<byte> id = stackalloc byte[GuidSizeBytes];
        reader.Read(id);
        reader.Check(
            new Guid(id, bigEndian: true) == super.DatabaseId && epoch == super.LogStart.Epoch,
            "the identifier and log of this database");
        long time = reader.ReadInt64();
        long size = reader.ReadInt64();
        reader.Check(time >= -1 && time <= TimeSpan.MaxValue.Ticks / 10 && size >= -1, "bounds");
        int count = reader.ReadCount((int)(reader.Remaining / EntrySizeBytesMin), "checkpoints");
        reader.Check(reader.ReadInt32() == 0, "reserved bytes of 0");
        var entries = new RetainedCheckpoint[count];
        for (int i = 0; i < count; i++)
        {
            entries[i] = DecodeEntry(reader);
        }

        reader.Check(reader.Remaining == 0, "the end of the history");
        return new HistoryContent(
            new LogRetention
            {
                Time = time < 0 ? null : TimeSpan.FromMicroseconds(time),
                SizeBytes = size < 0 ? null : size,
            },
            entries);
    }

    private static RetainedCheckpoint DecodeEntry(RecordReader reader)
    {
        long number = reader.ReadInt64();
        long length = reader.ReadInt64();
        long timestamp = reader.ReadInt64();
        long moment = reader.ReadInt64();
        long address = reader.ReadInt64();
        long lsn = reader.ReadInt64();
        uint chain = (uint)reader.ReadInt32();
        uint crc = (uint)reader.ReadInt32();
        int count = reader.ReadCount(
            (int)Math.Min(reader.Remaining / sizeof(long), int.MaxValue), "segments");
        reader.Check(reader.ReadInt32() == 0, "reserved bytes of 0");
        var segments = new long[count];
        for (int i = 0; i < count; i++)
        {
            segments[i] = reader.ReadInt64();
            reader.Check(segments[i] > 0, "the number of a segment");
        }

        reader.Check(
            number > 0 && length > 0 && timestamp >= 0 && moment >= 0 && address > 0 && lsn >= 0,
            "a checkpoint");
        return new RetainedCheckpoint(
            new ManifestReference(number, length, crc),
            timestamp,
            moment,
            new LogPosition(address, lsn, chain),
            segments);
    }
}
