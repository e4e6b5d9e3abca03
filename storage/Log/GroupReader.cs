using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// Puts the payloads of frames together to groups and gives the records of whole groups to the
/// replay.
/// </summary>
internal sealed class GroupReader(IRecordReplay replay, FrameCipher? cipher)
{
    private const int LengthSizeBytes = sizeof(int);
    private byte[] _buffer = [];
    private int _size;

    /// <summary>Whether a group has begun and not ended.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The groups replayed.</summary>
    public long GroupCount { get; private set; }

    /// <summary>The records replayed.</summary>
    public long RecordCount { get; private set; }

    private int Overhead => cipher is null ? 0 : FrameCipher.OverheadBytes;

    /// <summary>Takes the payload of the next frame; replays when the group ends with it.</summary>
    /// <returns>What is wrong with the group, or null.</returns>
    public string? Add(ReadOnlySpan<byte> frame, in FrameHeader header, long address)
    {
        bool starts = (header.Flags & FrameFlags.GroupStart) != 0;
        bool foreign = (header.Flags & ~(FrameFlags.GroupStart | FrameFlags.GroupEnd)) != 0;
        if (starts == IsOpen || foreign)
        {
            return $"frame {header.Lsn} does not continue the group before it";
        }

        if (header.PayloadLength - Overhead > LogFormat.GroupSizeBytesMax - _size)
        {
            return $"the group that ends in frame {header.Lsn} is too large";
        }

        IsOpen = true;
        if (header.UnorderedBlocks > 0)
        {
            // The group says how large it is, within what was checked.
            Reserve((int)Math.Min(
                (header.UnorderedBlocks + 1L) * LogFormat.BlockSizeBytes,
                LogFormat.GroupSizeBytesMax));
        }

        if (!TryTake(frame, header, address))
        {
            return $"frame {header.Lsn} fails its tag";
        }

        if ((header.Flags & FrameFlags.GroupEnd) == 0)
        {
            return null;
        }

        string? fault = CheckRecords(header.RecordCount)
            ? null
            : $"the records of the group that ends in frame {header.Lsn} do not add up";
        if (fault is null)
        {
            ReplayRecords();
        }

        _size = 0;
        IsOpen = false;
        return fault;
    }

    /// <summary>
    /// Replays the whole records of a group whose later frames are lost; only for who knows that it
    /// had been acknowledged.
    /// </summary>
    public void ReplayBegun()
    {
        int end = 0;
        while (IsOpen && _size - end > LengthSizeBytes)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(end));
            bool isWhole = length is > 0 and <= LogFormat.RecordSizeBytesMax
                && length <= _size - end - LengthSizeBytes;
            if (!isWhole)
            {
                break;
            }

            end += LengthSizeBytes + length;
        }

        _size = end;
        if (end > 0)
        {
            ReplayRecords();
        }

        _size = 0;
        IsOpen = false;
    }

    private bool TryTake(ReadOnlySpan<byte> frame, in FrameHeader header, long address)
    {
        const int Start = LogFormat.FrameHeaderSizeBytes;
        if (cipher is null)
        {
            FrameCodec.GatherPayload(frame, Start, Extend(header.PayloadLength));
            return true;
        }

        // What a sector holds beside the payload is under its stamp, but under no tag.
        if (header.PayloadLength <= FrameCipher.OverheadBytes
            || !FrameCodec.IsPaddingZero(frame, Start, header.PayloadLength))
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[FrameCipher.OverheadBytes];
        FrameCodec.GatherPayload(frame, Start, prefix);
        Span<byte> content = Extend(header.PayloadLength - prefix.Length);
        FrameCodec.GatherPayload(frame, Start + prefix.Length, content);
        return cipher.TryOpen(header, address, prefix, content);
    }

    private Span<byte> Extend(int count)
    {
        int start = _size;
        if (start + count > _buffer.Length)
        {
            Reserve((int)Math.Min(2L * (start + count), LogFormat.GroupSizeBytesMax));
        }

        _size = start + count;
        return _buffer.AsSpan(start, count);
    }

    private void Reserve(int capacity)
    {
        if (capacity > _buffer.Length)
        {
            byte[] grown = GC.AllocateUninitializedArray<byte>(capacity);
            _buffer.AsSpan(0, _size).CopyTo(grown);
            _buffer = grown;
        }
    }

    private bool CheckRecords(int recordCount)
    {
        int count = 0;
        int at = 0;
        while (_size - at > LengthSizeBytes)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(at));
            at += LengthSizeBytes;
            if (length <= 0 || length > LogFormat.RecordSizeBytesMax || length > _size - at)
            {
                return false;
            }

            at += length;
            count++;
        }

        return at == _size && count == recordCount;
    }

    private void ReplayRecords()
    {
        int at = 0;
        bool isKept = false;
        while (at < _size)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(at));
            at += LengthSizeBytes;
            isKept |= replay.Replay(_buffer.AsMemory(at, length));
            at += length;
            RecordCount++;
        }

        GroupCount++;
        _buffer = isKept ? [] : _buffer;
    }
}
