namespace NeuroDb.Storage;

/// <content>Letting a new manifest count, and what that makes needless.</content>
internal sealed partial class Checkpointer
{
    private long NextNumber => (_manifest?.Number ?? 0) + 1;

    private void Publish(
        FrozenState frozen,
        List<TableCheckpoint> tables,
        int lastTableId,
        LogPosition start,
        long moment)
    {
        SuperBlock super = _directory.Super;
        var manifest = new Manifest
        {
            DatabaseId = super.DatabaseId,
            Number = NextNumber,
            Timestamp = frozen.Timestamp,
            Moment = moment,
            LastTableId = lastTableId,
            LastSegmentId = _store.LastSegmentId,
            LastPartTransaction = _pipeline.LastPartTransaction,
            Tables = [.. tables.Select(static table => table.Manifest)],
            Indexes = frozen.Indexes,
            LargeValues = LargeValuesOf(tables),
            Objects = frozen.Objects,
        };
        string path = _directory.Files.ManifestPath(manifest.Number);
        ManifestReference reference;
        HistoryContent history;
        try
        {
            reference = manifest.Write(_files, path, _directory.Keys);
            history = _history.Write(
                new RetainedCheckpoint(
                    reference,
                    frozen.Timestamp,
                    moment,
                    StartAt(start).Position,
                    [
                        .. _store.InLogUpTo(frozen.Timestamp),
                        .. _store.LargeValues.InLogUpTo(frozen.Timestamp),
                    ]),
                manifest);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            tables.ForEach(static table => table.Abandon());
            _store.TryDelete(path);
            throw Failed(failure);
        }

        _directory.Publish(super with
        {
            Generation = super.Generation + 1,
            Manifest = reference,
            CheckpointTimestamp = frozen.Timestamp,
            LogStart = StartAt(start),
        });

        Manifest? old = _manifest;
        Volatile.Write(ref _manifest, manifest);
        HashSet<string> named = [.. _directory.Files.NamedBy(manifest)];
        ReleaseHistory(history, named);
        if (old is not null)
        {
            _reclaimer.Delete(_directory.Files.NamedBy(old).Where(
                name => !named.Contains(name)
                    && !DatabaseFiles.IsSegment(name)
                    && !_directory.Files.IsBlob(name)));
        }
    }

    // A segment that is open, and a large value that is in use, goes with its last reader.
    private void ReleaseHistory(HistoryContent history, HashSet<string> named)
    {
        IReadOnlyList<string> dropped = _history.Take(history);
        IReadOnlySet<string> open = _store.OpenPaths();
        _reclaimer.Delete(
            dropped.Where(path => !named.Contains(path)
                && !open.Contains(path)
                && !_store.LargeValues.IsThere(path)));
    }

    // The end of the log that a transaction in parts noted may have moved to a new file since.
    private LogStart StartAt(LogPosition position)
    {
        LogStart start = _directory.Super.LogStart;
        return position.Lsn == start.Lsn ? start : start.At(position);
    }

    private void PublishStart(LogPosition position)
    {
        SuperBlock super = _directory.Super;
        _directory.Publish(super with
        {
            Generation = super.Generation + 1,
            LogStart = super.LogStart.At(position),
        });
    }
}
