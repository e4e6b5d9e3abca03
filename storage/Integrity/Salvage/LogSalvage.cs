namespace NeuroDb.Storage;

/// <summary>
/// Reads what is whole of a damaged log. Each frame proves by itself that it belongs to its place
/// in this log, so frames behind a hole are found by looking at every block; groups count only if
/// they are whole.
/// </summary>
internal sealed class LogSalvage
{
    private const int FrameSizeBytesMax = 1 << 30;
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly LogIdentity _identity;
    private readonly FrameCipher? _cipher;
    private readonly IRecordReplay _replay;
    private readonly LossList _losses;
    private GroupReader _groups;
    private LogPosition _last;
    private bool _isKnown;

    /// <summary>Makes the reader of a log.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="directory">The directory of the log.</param>
    /// <param name="identity">What the log is fixed to.</param>
    /// <param name="cipher">Opens the frames of an encrypted database.</param>
    /// <param name="replay">Takes the records.</param>
    /// <param name="losses">Takes what is lost.</param>
    public LogSalvage(
        IFileSystem files,
        string directory,
        LogIdentity identity,
        FrameCipher? cipher,
        IRecordReplay replay,
        LossList losses)
    {
        _files = files;
        _directory = directory;
        _identity = identity;
        _cipher = cipher;
        _replay = replay;
        _losses = losses;
        _groups = new GroupReader(replay, cipher);
    }

    /// <summary>Whether frames are missing that must have been there.</summary>
    public bool HasGap { get; private set; }

    /// <summary>Reads all files.</summary>
    /// <param name="start">Where the log begins; null if SUPER is lost.</param>
    /// <param name="cancellation">Looked at between frames.</param>
    public void Read(LogStart? start, CancellationToken cancellation)
    {
        _isKnown = start is not null;
        _last = start?.Position ?? default;
        int first = start?.SegmentNumber ?? 0;
        int last = _files.DirectoryExists(_directory)
            ? LogSegments.LastNumber(_files, _directory)
            : -1;
        for (int number = first; number <= last; number++)
        {
            string path = LogSegments.PathOf(_directory, number);
            if (_files.FileExists(path))
            {
                long address = (long)number * _identity.SegmentSizeBytes;
                _losses.Try(
                    string.Empty,
                    "the rest of this file of the log is not read",
                    () => ReadFile(path, address, cancellation));
            }
            else if (start is not null)
            {
                HasGap = true;
                _losses.Add(string.Empty, path, 0, "this file of the log is missing");
            }
        }

        CheckEnd();
    }

    private void ReadFile(string path, long fileAddress, CancellationToken cancellation)
    {
        using IFile file = _files.Open(path, FileOpenKind.Read);
        var block = new byte[LogFormat.BlockSizeBytes];
        long at = Math.Max(0, _last.Address - fileAddress);
        while (file.Read(at, block) == block.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            long address = fileAddress + at;
            int size = SizeOf(block, address, file.Length - at);
            if (size == 0)
            {
                at += block.Length;
                continue;
            }

            var frame = new byte[size];
            bool isWhole = file.Read(at, frame) == size && IsWhole(frame, address);
            if (isWhole)
            {
                Take(frame, address, path, at);
            }

            at += isWhole ? size : block.Length;
        }
    }

    // The size of the frame whose first sector stands here; 0 if there is none.
    private int SizeOf(ReadOnlySpan<byte> block, long address, long room)
    {
        FrameHeader header = FrameHeader.Read(block);
        if (FrameHeader.ReadMagic(block) != LogFormat.FrameMagic
            || FrameHeader.ReadVersion(block) != LogFormat.Version
            || FrameHeader.ReadDatabaseTag(block) != _identity.DatabaseTag
            || header.Epoch != _identity.Epoch
            || header.PayloadLength is <= 0 or > FrameSizeBytesMax)
        {
            return 0;
        }

        long size = (long)LogFormat.BlockCount(header.PayloadLength) * LogFormat.BlockSizeBytes;
        uint seed = SectorStamp.FrameSeed(_identity.DatabaseTag, header.Epoch, header.Lsn);
        bool isFirst = SectorStamp.IsValid(block[..LogFormat.SectorSizeBytes], seed, address);
        return isFirst && size <= room && size <= _identity.SegmentSizeBytes ? (int)size : 0;
    }

    private bool IsWhole(ReadOnlySpan<byte> frame, long address)
    {
        long lsn = FrameHeader.Read(frame).Lsn;
        uint seed = SectorStamp.FrameSeed(_identity.DatabaseTag, _identity.Epoch, lsn);
        uint bodyCrc = 0;
        const int Step = LogFormat.SectorSizeBytes;
        for (int at = Step; at < frame.Length; at += Step)
        {
            ReadOnlySpan<byte> sector = frame.Slice(at, Step);
            if (!SectorStamp.IsValid(sector, seed, address + at))
            {
                return false;
            }

            bodyCrc = FrameCodec.AddStamp(bodyCrc, sector);
        }

        return bodyCrc == FrameHeader.ReadBodyCrc(frame);
    }

    private void Take(ReadOnlySpan<byte> frame, long address, string path, long offset)
    {
        FrameHeader header = FrameHeader.Read(frame);
        if (_isKnown && header.Lsn <= _last.Lsn)
        {
            return;
        }

        bool follows = header.Lsn == _last.Lsn + 1 && header.Chain == _last.Chain;
        if (!follows)
        {
            if (_isKnown)
            {
                HasGap = true;
                _losses.Add(
                    string.Empty,
                    path,
                    offset,
                    $"frames {_last.Lsn + 1} to {header.Lsn - 1} of the log are lost");
            }

            EndGroup(path, offset);
        }

        uint chain = SectorStamp.Read(frame[..LogFormat.SectorSizeBytes]);
        _last = new LogPosition(address + frame.Length, header.Lsn, chain);
        _isKnown = true;
        bool isPart = !_groups.IsOpen && (header.Flags & FrameFlags.GroupStart) == 0;
        if (isPart)
        {
            return;
        }

        try
        {
            string? fault = _groups.Add(frame, header, address);
            if (fault is not null)
            {
                _losses.Add(string.Empty, path, offset, fault);
                _groups = new GroupReader(_replay, _cipher);
            }
        }
        catch (CorruptionException damage)
        {
            _losses.Add(string.Empty, path, offset, damage.Detail);
            _groups = new GroupReader(_replay, _cipher);
        }
    }

    // What stands behind the hole says that the group before it was acknowledged: its first records
    // count as far as they are there.
    private void EndGroup(string path, long offset)
    {
        try
        {
            _groups.ReplayBegun();
        }
        catch (CorruptionException damage)
        {
            _losses.Add(string.Empty, path, offset, damage.Detail);
        }

        _groups = new GroupReader(_replay, _cipher);
    }

    // What the watermark acknowledges and the log has not is lost; what is behind it was never
    // promised.
    private void CheckEnd()
    {
        string path = Path.Combine(_directory, LogFormat.WatermarkName);
        bool isKnown = _losses.Try(string.Empty, "the log's end is not certain", () =>
        {
            if (!_files.FileExists(path))
            {
                throw new CorruptionException(path, 0, "the log's watermark is missing");
            }

            long end = LogWatermark
                .Read(_files, path, _identity.DatabaseTag, _identity.Epoch)
                .Max(static slot => slot.Position.Lsn);
            if (end > _last.Lsn)
            {
                EndGroup(path, 0);
                throw new CorruptionException(
                    path, 0, $"frames {_last.Lsn + 1} to {end} of the log are lost");
            }
        });
        HasGap |= !isKnown;
    }
}
