namespace NeuroDb.Storage;

/// <summary>
/// Reads a log from its start to the end of its files, verifies every sector and replays every
/// whole group. It changes nothing and fails closed: only a last write that a power loss
/// tore, or a last group that was not finished, is passed over; everything else that is not
/// exactly as written is a <see cref="CorruptionException"/>.
/// </summary>
internal sealed partial class LogScanner
{
    private readonly SegmentReader _reader;
    private readonly GroupReader _groups;
    private readonly LogIdentity _identity;
    private readonly WatermarkSlot[] _watermarks;
    private readonly string _watermarkPath;
    private readonly List<CutRange> _open = [];
    private readonly byte[] _page;
    private readonly LogPosition _start;
    private LogPosition _position;
    private LogPosition _groupEnd;
    private long _lastGroupAddress;
    private long _frameCount;

    // Where the unordered frames end that the position stands before; 0 if there are none.
    private long _unorderedEnd;

    private LogScanner(
        IFileSystem files,
        string directory,
        SegmentReader reader,
        LogIdentity identity,
        LogPosition start,
        GroupReader groups,
        bool hasWatermark)
    {
        _reader = reader;
        _groups = groups;
        _identity = identity;
        _position = start;
        _start = start;
        _groupEnd = start;
        _lastGroupAddress = start.Address;
        _page = new byte[identity.PageSizeBytes];
        _watermarkPath = Path.Combine(directory, LogFormat.WatermarkName);
        if (hasWatermark && !files.FileExists(_watermarkPath))
        {
            throw new CorruptionException(_watermarkPath, 0, "the log's watermark is missing");
        }

        _watermarks = hasWatermark
            ? LogWatermark.Read(files, _watermarkPath, _identity.DatabaseTag, _identity.Epoch)
            : [];
    }

    /// <summary>Verifies and replays the log in a directory, from its start on.</summary>
    public static LogScanResult Scan(
        IFileSystem files,
        string directory,
        Guid databaseId,
        LogStart start,
        IRecordReplay replay,
        FrameCipher? cipher = null)
    {
        Invariant.Check(start.IsSound);
        var groups = new GroupReader(replay, cipher);
        LogIdentity identity = LogIdentity.Of(databaseId, start);
        using var reader = new SegmentReader(files, directory, start);
        return new LogScanner(
            files, directory, reader, identity, start.Position, groups, hasWatermark: true).Run();
    }

    private LogScanResult Run()
    {
        if (_position.Address > _reader.EndAddress)
        {
            throw _reader.Damage(
                _reader.EndAddress, $"the log ends before its start at {_position.Address}");
        }

        CheckWatermarks();
        long tornBytes = 0;
        bool ended = false;
        while (!ended && _position.Address < _reader.EndAddress)
        {
            long offset = _position.Address % _identity.PageSizeBytes;
            long pageAddress = _position.Address - offset;
            int read = _reader.Read(pageAddress, _page);
            ReadOnlySpan<byte> rest = _page.AsSpan((int)offset, read - (int)offset);
            while (!rest.IsEmpty && !ended)
            {
                int size = ReadFrame(rest);
                ended = size == 0;
                if (ended)
                {
                    tornBytes = _unorderedEnd > 0 ? CutUnordered() : CheckTail(rest);
                }

                rest = rest[size..];
            }
        }

        return Finish(tornBytes);
    }

    /// <summary>Takes the frame that stands at the position, if it is whole.</summary>
    /// <returns>Its size, or 0 where no whole frame stands.</returns>
    private int ReadFrame(ReadOnlySpan<byte> rest)
    {
        long lsn = _position.Lsn + 1;
        uint seed = SectorStamp.FrameSeed(_identity.DatabaseTag, _identity.Epoch, lsn);
        if (rest.Length < LogFormat.BlockSizeBytes
            || !IsSector(rest, 0, seed)
            || !HasBody(rest, seed, out FrameHeader header, out int size))
        {
            return 0;
        }

        string? fault = FollowUnordered(header, _position.Address + size)
            ?? _groups.Add(rest[..size], header, _position.Address);
        if (fault is not null)
        {
            throw _reader.Damage(_position.Address, fault);
        }

        _open.Add(new CutRange(_position.Address, size));
        uint chain = SectorStamp.Read(rest[..LogFormat.SectorSizeBytes]);
        _position = new LogPosition(_position.Address + size, lsn, chain);
        if (!_groups.IsOpen)
        {
            _lastGroupAddress = _open[0].Address;
            _groupEnd = _position;
            _frameCount += _open.Count;
            _open.Clear();
        }

        CheckWatermarks();
        return size;
    }

    private bool HasBody(
        ReadOnlySpan<byte> rest, uint seed, out FrameHeader header, out int size)
    {
        size = CheckHeader(rest, out header);
        if (size > rest.Length)
        {
            return false;
        }

        uint bodyCrc = 0;
        for (int at = LogFormat.SectorSizeBytes; at < size; at += LogFormat.SectorSizeBytes)
        {
            if (!IsSector(rest, at, seed))
            {
                return false;
            }

            bodyCrc = FrameCodec.AddStamp(bodyCrc, rest.Slice(at, LogFormat.SectorSizeBytes));
        }

        return bodyCrc == FrameHeader.ReadBodyCrc(rest)
            ? true
            : throw _reader.Damage(_position.Address, $"frame {header.Lsn} fails its checksum");
    }

    /// <summary>Checks the header in an intact sector: a fault there is no torn write.</summary>
    private int CheckHeader(ReadOnlySpan<byte> rest, out FrameHeader header)
    {
        header = FrameHeader.Read(rest);
        int size = header.PayloadLength < 0
            ? 0
            : LogFormat.BlockCount(header.PayloadLength) * LogFormat.BlockSizeBytes;

        // Only an unordered frame can lack the rest of its page: the file had not grown yet.
        int room = _unorderedEnd == 0
            ? rest.Length
            : _identity.PageSizeBytes - (int)(_position.Address % _identity.PageSizeBytes);
        bool fits = FrameHeader.ReadMagic(rest) == LogFormat.FrameMagic
            && FrameHeader.ReadVersion(rest) == LogFormat.Version
            && FrameHeader.ReadDatabaseTag(rest) == _identity.DatabaseTag
            && header.Epoch == _identity.Epoch
            && header.Lsn == _position.Lsn + 1
            && header.Chain == _position.Chain
            && header.PayloadLength > 0
            && size <= room
            && FrameHeader.ReadEntryLength(rest) == size - sizeof(int);
        return fits
            ? size
            : throw _reader.Damage(
                _position.Address, $"frame {_position.Lsn + 1} does not follow the one before it");
    }

    /// <summary>
    /// Where no whole frame stands, each sector must be either one of the next frame or never
    /// written, and after that frame nothing may be written.
    /// </summary>
    /// <returns>The bytes that a torn write left.</returns>
    private long CheckTail(ReadOnlySpan<byte> rest)
    {
        uint seed = SectorStamp.FrameSeed(
            _identity.DatabaseTag, _identity.Epoch, _position.Lsn + 1);
        int limit = rest.Length >= LogFormat.BlockSizeBytes && IsSector(rest, 0, seed)
            ? CheckHeader(rest, out _)
            : rest.Length;
        int written = 0;
        for (int at = 0; at < rest.Length; at += LogFormat.SectorSizeBytes)
        {
            int end = Math.Min(at + LogFormat.SectorSizeBytes, rest.Length);
            ReadOnlySpan<byte> sector = rest[at..end];
            if (!sector.ContainsAnyExcept((byte)0))
            {
                continue;
            }

            if (at >= limit
                || sector.Length < LogFormat.SectorSizeBytes
                || !IsSector(rest, at, seed))
            {
                throw _reader.Damage(
                    _position.Address + at,
                    $"the sector is neither of frame {_position.Lsn + 1} nor unwritten");
            }

            written = at + LogFormat.SectorSizeBytes;
        }

        CheckUnwritten(_position.Address + rest.Length);
        if (written > 0)
        {
            int blocks = (written + LogFormat.BlockSizeBytes - 1) / LogFormat.BlockSizeBytes;
            _open.Add(new CutRange(_position.Address, blocks * LogFormat.BlockSizeBytes));
        }

        return written;
    }

    /// <summary>Keeps to the frames that the first of an unordered group announced.</summary>
    private string? FollowUnordered(in FrameHeader header, long endAddress)
    {
        bool isStart = (header.Flags & FrameFlags.GroupStart) != 0;
        bool isEnd = (header.Flags & FrameFlags.GroupEnd) != 0;
        if (header.UnorderedBlocks != 0)
        {
            bool isSound = header.UnorderedBlocks > 0 && isStart && !isEnd && _unorderedEnd == 0;
            _unorderedEnd = endAddress + ((long)header.UnorderedBlocks * LogFormat.BlockSizeBytes);
            return isSound ? null : $"frame {header.Lsn} announces frames where it must not";
        }

        if (_unorderedEnd > 0)
        {
            if (endAddress > _unorderedEnd || isEnd != (endAddress == _unorderedEnd))
            {
                return $"frame {header.Lsn} is not one of those that its group announced";
            }

            _unorderedEnd = isEnd ? 0 : _unorderedEnd;
        }

        return null;
    }

    /// <summary>
    /// Passes over the rest of an unordered group that is not whole. Nothing behind it was written
    /// before all of it was flushed, so if anything stands there, the group was damaged later.
    /// </summary>
    /// <returns>The bytes that are cut.</returns>
    private long CutUnordered()
    {
        CheckUnwritten(_unorderedEnd);
        long end = Math.Min(_unorderedEnd, _reader.EndAddress);
        long address = _position.Address;
        while (address < end)
        {
            long room = _identity.PageSizeBytes - (address % _identity.PageSizeBytes);
            long blocks = (end - address + LogFormat.BlockSizeBytes - 1) / LogFormat.BlockSizeBytes;
            int size = (int)Math.Min(room, blocks * LogFormat.BlockSizeBytes);
            _open.Add(new CutRange(address, size));
            address += size;
        }

        return end - _position.Address;
    }

    private void CheckUnwritten(long address)
    {
        while (address < _reader.EndAddress)
        {
            int room = _page.Length - (int)(address % _page.Length);
            int read = _reader.Read(address, _page.AsSpan(0, room));
            int written = _page.AsSpan(0, read).IndexOfAnyExcept((byte)0);
            if (written >= 0)
            {
                throw _reader.Damage(
                    address + written, "bytes stand after the end of the log");
            }

            address += read;
        }
    }

    private bool IsSector(ReadOnlySpan<byte> rest, int offset, uint seed) => SectorStamp.IsValid(
        rest.Slice(offset, LogFormat.SectorSizeBytes), seed, _position.Address + offset);

    private void CheckWatermarks()
    {
        foreach (WatermarkSlot slot in _watermarks)
        {
            if (slot.Position.Lsn == _position.Lsn && !IsHere(slot.Position))
            {
                throw new CorruptionException(
                    _watermarkPath,
                    0,
                    $"the watermark names another frame {_position.Lsn} than the log holds");
            }
        }
    }

    // Where the log goes on in a new file, a slot may still name the place before.
    private bool IsHere(LogPosition slot) =>
        slot == _position
        || (_position == _start
            && _position.Address % _identity.SegmentSizeBytes == 0
            && slot.Chain == _position.Chain
            && slot.Address < _position.Address);

    private LogScanResult Finish(long tornBytes)
    {
        WatermarkSlot last = _watermarks.MaxBy(
            static slot => (slot.Position.Lsn, slot.Position.Address, slot.Clean));
        if (last.Position.Lsn > _groupEnd.Lsn)
        {
            throw _reader.Damage(
                _groupEnd.Address,
                $"the log ends with frame {_groupEnd.Lsn}, but frame {last.Position.Lsn} was "
                + "acknowledged");
        }

        foreach (CutRange range in _open)
        {
            tornBytes += range.Address < _position.Address ? range.SizeBytes : 0;
        }

        long aheadEnd = _reader.EndAddress - (_reader.EndAddress % LogFormat.BlockSizeBytes);
        if (_open.Count > 0)
        {
            // A file may end inside the last block of an unordered group; cutting fills it up.
            aheadEnd = Math.Max(aheadEnd, _open[^1].Address + _open[^1].SizeBytes);
        }

        bool isClosed = last.Clean && last.Position == _groupEnd && _open.Count == 0;
        return new LogScanResult(
            _identity,
            _groupEnd,
            new LogExtent(
                isClosed ? _groupEnd.Address : _lastGroupAddress, _groupEnd.Address, aheadEnd),
            _open,
            new LogRecoveryReport(
                _frameCount,
                _groups.GroupCount,
                _groups.RecordCount,
                _groupEnd.Address,
                tornBytes,
                isClosed));
    }
}
