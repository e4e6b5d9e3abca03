using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// Lays frames out over sectors and takes them apart again. The payload runs through the data part
/// of the sectors; each sector ends with its stamp.
/// </summary>
internal static class FrameCodec
{
    /// <summary>Builds a frame as it stands on disk, from a block's boundary on.</summary>
    /// <returns>The stamp of the first sector: the chain value of the next frame.</returns>
    public static uint Encode(
        Span<byte> target,
        long address,
        in FrameHeader header,
        LogIdentity identity,
        ReadOnlySpan<byte> payload)
    {
        Invariant.Check(target.Length % LogFormat.BlockSizeBytes == 0);
        Invariant.Check(address % LogFormat.BlockSizeBytes == 0);
        Invariant.Check(payload.Length == header.PayloadLength);
        header.Write(target, target.Length - sizeof(int), identity.DatabaseTag);
        SpreadPayload(target, LogFormat.FrameHeaderSizeBytes, payload);

        uint seed = SectorStamp.FrameSeed(identity.DatabaseTag, header.Epoch, header.Lsn);
        uint bodyCrc = 0;
        const int Step = LogFormat.SectorSizeBytes;
        for (int at = Step; at < target.Length; at += Step)
        {
            Span<byte> sector = target.Slice(at, Step);
            SectorStamp.Write(sector, seed, address + at);
            bodyCrc = AddStamp(bodyCrc, sector);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(target[LogFormat.BodyCrcOffset..], bodyCrc);
        return SectorStamp.Write(target[..Step], seed, address);
    }

    /// <summary>Joins the stamp of the next sector to the CRC over the body.</summary>
    public static uint AddStamp(uint bodyCrc, ReadOnlySpan<byte> sector) =>
        Crc32C.Compute(sector[LogFormat.SectorDataSizeBytes..], bodyCrc);

    /// <summary>Copies the payload of a verified frame out of its sectors.</summary>
    public static void GatherPayload(
        ReadOnlySpan<byte> source, int payloadOffset, Span<byte> payload)
    {
        int at = payloadOffset;
        while (payload.Length > 0)
        {
            int room = LogFormat.SectorDataSizeBytes - (at % LogFormat.SectorSizeBytes);
            int count = Math.Min(room, payload.Length);
            source.Slice(at, count).CopyTo(payload);
            payload = payload[count..];
            at += count + LogFormat.StampSizeBytes;
        }
    }

    /// <summary>Whether all is zero between the payload and the stamps.</summary>
    public static bool IsPaddingZero(ReadOnlySpan<byte> source, int payloadOffset, int length)
    {
        int at = payloadOffset;
        while (at < source.Length)
        {
            int room = LogFormat.SectorDataSizeBytes - (at % LogFormat.SectorSizeBytes);
            int count = Math.Min(room, length);
            if (source.Slice(at + count, room - count).ContainsAnyExcept((byte)0))
            {
                return false;
            }

            length -= count;
            at += room + LogFormat.StampSizeBytes;
        }

        return true;
    }

    private static void SpreadPayload(
        Span<byte> target, int payloadOffset, ReadOnlySpan<byte> payload)
    {
        int at = payloadOffset;
        while (at < target.Length)
        {
            int room = LogFormat.SectorDataSizeBytes - (at % LogFormat.SectorSizeBytes);
            int count = Math.Min(room, payload.Length);
            payload[..count].CopyTo(target[at..]);
            target.Slice(at + count, room - count).Clear();
            payload = payload[count..];
            at += room + LogFormat.StampSizeBytes;
        }

        Invariant.Check(payload.IsEmpty, "the payload fits the frame");
    }
}
