using System.Buffers;
using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// The bytes of a manifest, as docs/format.md draws them. Decoding takes nothing for granted: a
/// file that is whole by its checksum and still makes no sense is damage like any other.
/// </summary>
internal static class ManifestCodec
{
    /// <summary>The first eight bytes: "NEUROMAN".</summary>
    public const ulong Magic = 0x4E_41_4D_4F_52_55_45_4E;

    /// <summary>The bytes before the tables.</summary>
    public const int HeaderSizeBytes = 72;

    /// <summary>The CRC-32C at the end.</summary>
    public const int TrailerSizeBytes = sizeof(uint);

    /// <summary>The bytes of a part.</summary>
    public const int PartSizeBytes = 76;

    // A table takes more than this, whatever its schema.
    private const int TableSizeBytesMin = 32;
    private const int IndexSizeBytesMin = 16;
    private const int GuidSizeBytes = 16;
    private const string Name = "the manifest";

    /// <summary>The bytes of the file.</summary>
    public static byte[] Encode(Manifest manifest)
    {
        Invariant.Check(manifest.Number > 0);
        var writer = new ArrayBufferWriter<byte>(4096);
        writer.WriteInt64(unchecked((long)Magic));
        writer.WriteInt32((int)SuperBlock.FormatVersion);
        writer.WriteInt32(0);
        Invariant.Check(
            manifest.DatabaseId.TryWriteBytes(
                writer.GetSpan(GuidSizeBytes), bigEndian: true, out _));
        writer.Advance(GuidSizeBytes);
        writer.WriteInt64(manifest.Number);
        writer.WriteInt64(manifest.Timestamp);
        writer.WriteInt64(manifest.LastSegmentId);
        writer.WriteInt64(manifest.LastPartTransaction);
        writer.WriteInt32(manifest.LastTableId);
        writer.WriteInt32(manifest.Tables.Count);
        Invariant.Check(writer.WrittenCount == HeaderSizeBytes);
        foreach (ManifestTable table in manifest.Tables)
        {
            EncodeTable(writer, table);
        }

        if (manifest.Indexes.Count > 0)
        {
            writer.WriteByte((byte)ManifestSection.Indexes);
            writer.WriteInt32(manifest.Indexes.Count);
            foreach (IndexSchema index in manifest.Indexes)
            {
                IndexCodec.Encode(writer, index);
            }
        }

        if (manifest.Moment > 0)
        {
            writer.WriteByte((byte)ManifestSection.Moment);
            writer.WriteInt64(manifest.Moment);
        }

        LargeValueSection.Encode(writer, manifest.LargeValues);
        EncodeDetails(writer, manifest);
        writer.WriteInt32(unchecked((int)Crc32C.Compute(writer.WrittenSpan)));
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>The checksum that a file carries at its end.</summary>
    public static uint ReadCrc(ReadOnlySpan<byte> content) =>
        BinaryPrimitives.ReadUInt32LittleEndian(content[^TrailerSizeBytes..]);

    /// <summary>Reads the bytes of a file and checks that they make sense.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="path">The file, for errors.</param>
    /// <param name="databaseId">The database that it must be of.</param>
    /// <param name="expected">What SUPER says about it.</param>
    public static Manifest Decode(
        byte[] content, string path, Guid databaseId, ManifestReference expected)
    {
        CheckWhole(content, path, expected);
        var reader = new RecordReader(path);
        reader.Start(content.AsMemory(0, content.Length - TrailerSizeBytes), Name);
        ulong magic = unchecked((ulong)reader.ReadInt64());
        reader.Check(magic == Magic, "the magic of a manifest");
        int version = reader.ReadInt32();
        reader.Check(version == SuperBlock.FormatVersion, "the version that SUPER has");
        reader.Check(reader.ReadInt32() == 0, "reserved bytes of 0");
        Span<byte> id = stackalloc byte[GuidSizeBytes];
        reader.Read(id);
        reader.Check(
            new Guid(id, bigEndian: true) == databaseId, "the identifier of this database");
        long number = reader.ReadInt64();
        reader.Check(number == expected.Number, "the number that SUPER names");
        long timestamp = reader.ReadInt64();
        long lastSegmentId = reader.ReadInt64();
        long lastPartTransaction = reader.ReadInt64();
        int lastTableId = reader.ReadInt32();
        reader.Check(
            timestamp >= 0 && lastSegmentId >= 0 && lastPartTransaction >= 0 && lastTableId >= 0,
            "counters that are not negative");
        var manifest = new Manifest
        {
            DatabaseId = databaseId,
            Number = number,
            Timestamp = timestamp,
            LastTableId = lastTableId,
            LastSegmentId = lastSegmentId,
            LastPartTransaction = lastPartTransaction,
            Tables = DecodeTables(reader, lastTableId, lastSegmentId),
        };
        while (reader.Remaining > 0)
        {
            manifest = DecodeSection(reader, manifest);
        }

        reader.Check(reader.Remaining == 0, "the end of the manifest");
        return manifest;
    }

    private static Manifest DecodeSection(RecordReader reader, Manifest manifest)
    {
        switch ((ManifestSection)reader.ReadByte())
        {
            case ManifestSection.Indexes:
                reader.Check(manifest.Indexes.Count == 0, "one section of a kind");
                return manifest with { Indexes = DecodeIndexes(reader, manifest) };
            case ManifestSection.Moment:
                long moment = reader.ReadInt64();
                reader.Check(manifest.Moment == 0 && moment > 0, "one moment");
                return manifest with { Moment = moment };
            case ManifestSection.LargeValues:
                reader.Check(manifest.LargeValues.Count == 0, "one section of a kind");
                return manifest with
                {
                    LargeValues = LargeValueSection.Decode(reader, manifest),
                };
            case ManifestSection.TableDetails:
                return manifest with { Tables = DecodeDetails(reader, manifest.Tables) };
            case ManifestSection.Objects:
                reader.Check(manifest.Objects.Count == 0, "one section of a kind");
                return manifest with { Objects = DecodeObjects(reader) };
            default:
                throw reader.Bad("a section of unknown kind");
        }
    }

    private static void EncodeDetails(ArrayBufferWriter<byte> writer, Manifest manifest)
    {
        ManifestTable[] detailed =
            [.. manifest.Tables.Where(static table => table.Schema.HasDetails)];
        if (detailed.Length > 0)
        {
            writer.WriteByte((byte)ManifestSection.TableDetails);
            writer.WriteInt32(detailed.Length);
            foreach (ManifestTable table in detailed)
            {
                writer.WriteInt32(table.Id);
                TableDetailsCodec.Encode(writer, table.Schema);
            }
        }

        if (manifest.Objects.Count > 0)
        {
            writer.WriteByte((byte)ManifestSection.Objects);
            writer.WriteInt32(manifest.Objects.Count);
            foreach (CatalogObject value in manifest.Objects)
            {
                ObjectCodec.Encode(writer, value);
            }
        }
    }

    private static ManifestTable[] DecodeDetails(
        RecordReader reader, IReadOnlyList<ManifestTable> tables)
    {
        ManifestTable[] all = [.. tables];
        int count = reader.ReadCount(all.Length, "tables with details");
        for (int i = 0; i < count; i++)
        {
            int id = reader.ReadInt32();
            int at = Array.FindIndex(all, table => table.Id == id);
            reader.Check(at >= 0, "the number of a table");
            all[at] = all[at] with
            {
                Schema = TableDetailsCodec.Decode(reader, all[at].Schema),
            };
        }

        return all;
    }

    private static CatalogObject[] DecodeObjects(RecordReader reader)
    {
        int bound = (int)(reader.Remaining / sizeof(int));
        var objects = new CatalogObject[reader.ReadCount(bound, "objects")];
        var keys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < objects.Length; i++)
        {
            objects[i] = ObjectCodec.Decode(reader);
            reader.Check(keys.Add(objects[i].Key), "different names of objects");
        }

        return objects;
    }

    private static IndexSchema[] DecodeIndexes(RecordReader reader, Manifest manifest)
    {
        int bound = (int)(reader.Remaining / IndexSizeBytesMin);
        var indexes = new IndexSchema[reader.ReadCount(bound, "indexes")];
        var tables = manifest.Tables.ToDictionary(
            static table => table.Id, static table => table.Schema);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        int id = 0;
        for (int i = 0; i < indexes.Length; i++)
        {
            IndexSchema index = IndexCodec.Decode(
                reader, table => tables.GetValueOrDefault(table));
            reader.Check(
                index.Id > id && index.Id <= manifest.LastTableId && names.Add(index.Name),
                "ascending numbers and different names of indexes");
            indexes[i] = index;
            id = index.Id;
        }

        return indexes;
    }

    private static void CheckWhole(byte[] content, string path, ManifestReference expected)
    {
        if (content.Length < HeaderSizeBytes + TrailerSizeBytes
            || content.Length != expected.Length)
        {
            throw new CorruptionException(
                path, content.Length, $"the manifest must have {expected.Length} bytes");
        }

        uint stored = ReadCrc(content);
        if (stored != Crc32C.Compute(content.AsSpan(..^TrailerSizeBytes)))
        {
            throw new CorruptionException(
                path, content.Length - TrailerSizeBytes, "the manifest fails its checksum");
        }

        if (stored != expected.Crc)
        {
            throw new CorruptionException(
                path,
                content.Length - TrailerSizeBytes,
                "this is not the manifest that SUPER names, but another of its number");
        }
    }

    private static void EncodeTable(ArrayBufferWriter<byte> writer, ManifestTable table)
    {
        writer.WriteInt32(table.Id);
        SchemaCodec.Encode(writer, table.Schema);
        writer.WriteInt64(table.NextRowId);
        WriteOptional(writer, table.IdentityLast);
        Invariant.Check(table.KeyMaxima.Count == table.Schema.Keys.Count);
        foreach (long? maximum in table.KeyMaxima)
        {
            WriteOptional(writer, maximum);
        }

        writer.WriteInt32(table.Parts.Count);
        foreach (ManifestPart part in table.Parts)
        {
            int start = writer.WrittenCount;
            writer.WriteInt64(part.SegmentId);
            writer.WriteInt64(part.BaseRowId);
            writer.WriteInt64(part.EndRowId);
            writer.WriteInt64(part.RowCount);
            writer.WriteInt64(part.FileLength);
            writer.WriteInt32(unchecked((int)part.FooterCrc));
            writer.WriteInt64(part.DeleteNumber);
            writer.WriteInt64(part.Deletes.Length);
            writer.WriteInt32(unchecked((int)part.Deletes.Crc));
            writer.WriteInt64(part.Deletes.DeadCount);
            writer.WriteInt32(0);
            Invariant.Check(writer.WrittenCount - start == PartSizeBytes);
        }
    }

    private static void WriteOptional(ArrayBufferWriter<byte> writer, long? value)
    {
        writer.WriteByte(value is null ? (byte)0 : (byte)1);
        writer.WriteInt64(value ?? 0);
    }

    private static ManifestTable[] DecodeTables(
        RecordReader reader, int lastTableId, long lastSegmentId)
    {
        int bound = (int)(reader.Remaining / TableSizeBytesMin);
        var tables = new ManifestTable[reader.ReadCount(bound, "tables")];
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var segments = new HashSet<long>();
        int id = 0;
        for (int i = 0; i < tables.Length; i++)
        {
            tables[i] = DecodeTable(reader, lastSegmentId, segments);
            reader.Check(
                tables[i].Id > id && tables[i].Id <= lastTableId, "ascending table numbers");
            reader.Check(names.Add(tables[i].Schema.Name), "different table names");
            id = tables[i].Id;
        }

        return tables;
    }

    private static ManifestTable DecodeTable(
        RecordReader reader, long lastSegmentId, HashSet<long> segments)
    {
        int id = reader.ReadInt32();
        TableSchema schema = SchemaCodec.Decode(reader);
        long nextRowId = reader.ReadInt64();
        reader.Check(nextRowId >= 0, "a row number");
        long? identityLast = ReadOptional(reader);
        reader.Check(
            identityLast is null || schema.IdentityOrdinal >= 0, "a table with an identity");
        var maxima = new long?[schema.Keys.Count];
        for (int i = 0; i < maxima.Length; i++)
        {
            maxima[i] = ReadOptional(reader);
        }

        int bound = (int)(reader.Remaining / PartSizeBytes);
        var parts = new ManifestPart[reader.ReadCount(bound, "parts")];
        long end = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            ManifestPart part = DecodePart(reader);
            reader.Check(
                part.SegmentId > 0
                && part.SegmentId <= lastSegmentId
                && segments.Add(part.SegmentId),
                "the number of a segment");
            reader.Check(
                part.BaseRowId >= end && part.EndRowId <= nextRowId, "ascending row numbers");
            parts[i] = part;
            end = part.EndRowId;
        }

        return new ManifestTable
        {
            Id = id,
            Schema = schema,
            NextRowId = nextRowId,
            IdentityLast = identityLast,
            KeyMaxima = maxima,
            Parts = parts,
        };
    }

    private static ManifestPart DecodePart(RecordReader reader)
    {
        long segmentId = reader.ReadInt64();
        long baseRowId = reader.ReadInt64();
        long endRowId = reader.ReadInt64();
        long rowCount = reader.ReadInt64();
        long fileLength = reader.ReadInt64();
        uint footerCrc = unchecked((uint)reader.ReadInt32());
        long deleteNumber = reader.ReadInt64();
        var deletes = new DeleteFileInfo(
            reader.ReadInt64(), unchecked((uint)reader.ReadInt32()), reader.ReadInt64());
        reader.Check(reader.ReadInt32() == 0, "reserved bytes of 0");
        reader.Check(
            rowCount > 0 && baseRowId >= 0 && endRowId - baseRowId >= rowCount && fileLength > 0,
            "a part with rows");
        reader.Check(
            deleteNumber == 0
                ? deletes == default
                : deleteNumber > 0
                    && deletes.Length > 0
                    && deletes.DeadCount > 0
                    && deletes.DeadCount <= rowCount,
            "a delete-file with dead rows");
        return new ManifestPart(
            segmentId, baseRowId, endRowId, rowCount, fileLength, footerCrc, deleteNumber, deletes);
    }

    private static long? ReadOptional(RecordReader reader)
    {
        byte mark = reader.ReadByte();
        long value = reader.ReadInt64();
        reader.Check(mark == 1 || (mark == 0 && value == 0), "a value or none");
        return mark == 1 ? value : null;
    }
}
