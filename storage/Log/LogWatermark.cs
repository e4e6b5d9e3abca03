using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// The second place that knows how far the log was acknowledged: two slots, written in turn after
/// the log itself is durable, so that a slot never claims more than the log holds. Without it the
/// loss of the log's last frames could not be told from frames that were never written.
/// </summary>
internal sealed class LogWatermark : IDisposable
{
    private const int MagicOffset = 0;
    private const int VersionOffset = 4;
    private const int FlagsOffset = 6;
    private const int TagOffset = 8;
    private const int EpochOffset = 12;
    private const int LsnOffset = 16;
    private const int ChainOffset = 24;
    private const int AddressOffset = 32;
    private const int SlotCount = 2;
    private readonly IFile _file;
    private readonly LogIdentity _identity;
    private readonly byte[] _slot = new byte[LogFormat.SectorSizeBytes];
    private int _next;

    private LogWatermark(IFile file, LogIdentity identity)
    {
        _file = file;
        _identity = identity;
    }

    /// <summary>Makes the file; both slots say that the log holds only its header.</summary>
    public static void Create(IFileSystem files, string path, LogIdentity identity, LogPosition end)
    {
        byte[] content = new byte[LogFormat.WatermarkFileSizeBytes];
        for (int slot = 0; slot < SlotCount; slot++)
        {
            Encode(content.AsSpan(slot * LogFormat.BlockSizeBytes), identity, end, clean: false);
        }

        using IFile file = files.Open(path, FileOpenKind.Create);
        file.Write(0, content);
        file.Flush();
    }

    /// <summary>Opens the file for writing; the older slot is overwritten first.</summary>
    public static LogWatermark Open(IFileSystem files, string path, LogIdentity identity)
    {
        WatermarkSlot[] slots = Read(files, path, identity.DatabaseTag, identity.Epoch);
        var watermark = new LogWatermark(files.Open(path, FileOpenKind.Write), identity);
        watermark._next = slots[0].Position.Lsn <= slots[1].Position.Lsn ? 0 : 1;
        return watermark;
    }

    /// <summary>Reads both slots; each was made durable at creation, so it must be whole.</summary>
    public static WatermarkSlot[] Read(
        IFileSystem files, string path, uint databaseTag, uint epoch)
    {
        byte[] content = new byte[LogFormat.WatermarkFileSizeBytes];
        using (IFile file = files.Open(path, FileOpenKind.Read))
        {
            if (file.Length != content.Length || file.Read(0, content) != content.Length)
            {
                throw new CorruptionException(
                    path, 0, $"the watermark file has {file.Length} bytes, not {content.Length}");
            }
        }

        var slots = new WatermarkSlot[SlotCount];
        for (int slot = 0; slot < SlotCount; slot++)
        {
            int at = slot * LogFormat.BlockSizeBytes;
            slots[slot] = Decode(
                content.AsSpan(at, LogFormat.SectorSizeBytes), path, at, databaseTag, epoch);
        }

        return slots;
    }

    /// <summary>Notes how far the log is durable; the system flushes it some time.</summary>
    public void Advance(LogPosition end) => Write(end, clean: false);

    /// <summary>Notes the end of a closed log, durably.</summary>
    public void Close(LogPosition end)
    {
        Write(end, clean: true);
        _file.Flush();
    }

    /// <summary>Makes what was noted durable.</summary>
    public void Flush() => _file.Flush();

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(LogPosition end, bool clean)
    {
        Encode(_slot, _identity, end, clean);
        _file.Write(_next * LogFormat.BlockSizeBytes, _slot);
        _next = (_next + 1) % SlotCount;
    }

    private static void Encode(Span<byte> target, LogIdentity identity, LogPosition end, bool clean)
    {
        Span<byte> slot = target[..LogFormat.SectorSizeBytes];
        slot.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(slot[MagicOffset..], LogFormat.WatermarkMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(slot[VersionOffset..], LogFormat.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(
            slot[FlagsOffset..], clean ? LogFormat.WatermarkClean : (ushort)0);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[TagOffset..], identity.DatabaseTag);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[EpochOffset..], identity.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(slot[LsnOffset..], end.Lsn);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[ChainOffset..], end.Chain);
        BinaryPrimitives.WriteInt64LittleEndian(slot[AddressOffset..], end.Address);
        uint crc = Crc32C.Compute(slot[..LogFormat.SectorDataSizeBytes]);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[LogFormat.SectorDataSizeBytes..], crc);
    }

    private static WatermarkSlot Decode(
        ReadOnlySpan<byte> slot, string path, long offset, uint databaseTag, uint epoch)
    {
        uint crc = Crc32C.Compute(slot[..LogFormat.SectorDataSizeBytes]);
        bool whole = crc == SectorStamp.Read(slot)
            && BinaryPrimitives.ReadUInt32LittleEndian(slot) == LogFormat.WatermarkMagic;
        if (!whole)
        {
            throw new CorruptionException(path, offset, "a watermark slot fails its checksum");
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(slot[VersionOffset..]) > LogFormat.Version)
        {
            throw new NeuroStoreException(
                ErrorCode.NewerFormat, $"{path} was written by a newer version of NeuroStore");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(slot[TagOffset..]) != databaseTag
            || BinaryPrimitives.ReadUInt32LittleEndian(slot[EpochOffset..]) != epoch)
        {
            throw new CorruptionException(path, offset, "the watermark is of another database");
        }

        var position = new LogPosition(
            BinaryPrimitives.ReadInt64LittleEndian(slot[AddressOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(slot[LsnOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(slot[ChainOffset..]));
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(slot[FlagsOffset..]);
        return new WatermarkSlot(position, (flags & LogFormat.WatermarkClean) != 0);
    }
}
