namespace NeuroDb.Storage;

/// <summary>
/// The header frame: number 0, the first block of the first file. It says which database the log
/// belongs to and how it is laid out, and is never written again.
/// </summary>
internal static class LogHeader
{
    /// <summary>Builds the first block of a new log.</summary>
    /// <returns>The position after the header.</returns>
    public static LogPosition Build(Span<byte> block, LogIdentity identity)
    {
        Invariant.Check(block.Length == LogFormat.BlockSizeBytes);
        Span<byte> payload = stackalloc byte[LogFormat.HeaderPayloadSizeBytes];
        identity.WritePayload(payload);
        var header = new FrameHeader(
            FrameFlags.Header, payload.Length, Lsn: 0, Chain: 0, identity.Epoch, RecordCount: 0,
            UnorderedBlocks: 0);
        uint chain = FrameCodec.Encode(
            block, address: 0, LogFormat.FirstAddress, header, identity, payload);
        return new LogPosition(LogFormat.BlockSizeBytes, 0, chain);
    }

    /// <summary>Reads and verifies the header of a log of a database.</summary>
    public static LogIdentity Read(SegmentReader reader, Guid databaseId, out LogPosition end)
    {
        byte[] block = new byte[LogFormat.BlockSizeBytes];
        if (reader.ReadStart(block) != block.Length)
        {
            throw reader.Damage(0, "the file is shorter than the log's header");
        }

        ReadOnlySpan<byte> frame = block.AsSpan(LogFormat.FirstAddress);
        FrameHeader header = FrameHeader.Read(frame);
        uint tag = FrameHeader.ReadDatabaseTag(frame);
        CheckSectors(reader, block, SectorStamp.FrameSeed(tag, header.Epoch, 0));
        if (FrameHeader.ReadVersion(frame) > LogFormat.Version)
        {
            throw new NeuroStoreException(
                ErrorCode.NewerFormat,
                $"The log was written by a newer version of NeuroStore (format "
                + $"{FrameHeader.ReadVersion(frame)}, this version reads {LogFormat.Version}); "
                + "open it with that version.");
        }

        Span<byte> payload = stackalloc byte[LogFormat.HeaderPayloadSizeBytes];
        FrameCodec.GatherPayload(
            block, LogFormat.FirstAddress + LogFormat.FrameHeaderSizeBytes, payload);
        LogIdentity identity = LogIdentity.ReadPayload(payload, header.Epoch);
        CheckIdentity(reader, identity, databaseId);

        // Only one header exists for an identity: it must be this one, byte for byte.
        byte[] expected = new byte[LogFormat.BlockSizeBytes];
        end = Build(expected, identity);
        int difference = block.AsSpan().CommonPrefixLength(expected);
        return difference == block.Length
            ? identity
            : throw reader.Damage(difference, "the log's header is not as it was written");
    }

    private static void CheckSectors(SegmentReader reader, ReadOnlySpan<byte> block, uint seed)
    {
        for (int at = 0; at < block.Length; at += LogFormat.SectorSizeBytes)
        {
            if (!SectorStamp.IsValid(block.Slice(at, LogFormat.SectorSizeBytes), seed, at))
            {
                throw reader.Damage(at, "the log's header fails its checksum");
            }
        }
    }

    private static void CheckIdentity(SegmentReader reader, LogIdentity identity, Guid databaseId)
    {
        if (identity.DatabaseId != databaseId)
        {
            throw reader.Damage(
                LogFormat.FirstAddress,
                $"the log belongs to database {identity.DatabaseId}, not to {databaseId}");
        }

        bool sound = int.IsPow2(identity.PageSizeBytes)
            && identity.PageSizeBytes >= 2 * LogFormat.BlockSizeBytes
            && int.IsPow2(identity.SegmentSizeBytes)
            && identity.SegmentSizeBytes >= identity.PageSizeBytes;
        if (!sound)
        {
            throw reader.Damage(LogFormat.FirstAddress, "the log's header has impossible sizes");
        }
    }
}
