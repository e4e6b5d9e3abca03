namespace NeuroDb.Storage;

/// <content>Verifying a log that is open, up to a place that is committed already.</content>
internal sealed partial class LogScanner
{
    /// <summary>
    /// Verifies a log that is written meanwhile, from its start to a committed end; the watermark,
    /// which changes, is left out, and no record is looked into.
    /// </summary>
    public static void Verify(
        IFileSystem files,
        string directory,
        Guid databaseId,
        LogStart start,
        LogPosition end,
        FrameCipher? cipher,
        CancellationToken cancellation) => ReplayTo(
            files, directory, databaseId, start, end, new IgnoredRecords(), cipher, cancellation);

    /// <summary>
    /// Verifies and replays a log that may be written meanwhile, from a start to a committed end.
    /// </summary>
    public static void ReplayTo(
        IFileSystem files,
        string directory,
        Guid databaseId,
        LogStart start,
        LogPosition end,
        IRecordReplay replay,
        FrameCipher? cipher,
        CancellationToken cancellation)
    {
        var groups = new GroupReader(replay, cipher);
        LogIdentity identity = LogIdentity.Of(databaseId, start);
        using var reader = new SegmentReader(files, directory, start);
        new LogScanner(
            files, directory, reader, identity, start.Position, groups, hasWatermark: false)
            .RunTo(end, cancellation);
    }

    private void RunTo(LogPosition end, CancellationToken cancellation)
    {
        while (_position.Address < end.Address)
        {
            cancellation.ThrowIfCancellationRequested();
            long offset = _position.Address % _identity.PageSizeBytes;
            int read = _reader.Read(_position.Address - offset, _page);
            int count = (int)Math.Min(read - offset, end.Address - _position.Address);
            ReadOnlySpan<byte> rest = _page.AsSpan((int)offset, Math.Max(0, count));
            int size = ReadFrame(rest);
            while (size > 0 && rest.Length > size)
            {
                rest = rest[size..];
                size = ReadFrame(rest);
            }

            if (size == 0)
            {
                throw _reader.Damage(
                    FirstBadSector(rest), $"frame {_position.Lsn + 1} is not whole");
            }
        }

        if (_position != end)
        {
            throw _reader.Damage(_position.Address, "the log holds other frames than written");
        }
    }

    private long FirstBadSector(ReadOnlySpan<byte> rest)
    {
        uint seed = SectorStamp.FrameSeed(
            _identity.DatabaseTag, _identity.Epoch, _position.Lsn + 1);
        int at = 0;
        while (at + LogFormat.SectorSizeBytes <= rest.Length && IsSector(rest, at, seed))
        {
            at += LogFormat.SectorSizeBytes;
        }

        return _position.Address + at;
    }
}
