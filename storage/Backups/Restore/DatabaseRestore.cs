namespace NeuroDb.Storage;

/// <summary>
/// Makes a database as it was after some commit of the past: the files of a checkpoint, copied as a
/// backup copies them, and on top of them the commits of the log up to that one. As long as it is
/// not complete, a file RESTORE stands in the new directory, which then opens as no database.
/// Nothing that is read is changed.
/// </summary>
internal sealed class DatabaseRestore
{
    private const int AttemptCountMax = 5;
    private readonly SystemSeams _seams;
    private readonly StorageOptions _options;
    private readonly RestorePoint _point;
    private readonly CancellationToken _cancellation;

    private DatabaseRestore(
        SystemSeams seams,
        StorageOptions options,
        RestorePoint point,
        CancellationToken cancellation)
    {
        _seams = seams;
        _options = options with { RetainLog = null };
        _point = point;
        _cancellation = cancellation;
    }

    /// <summary>Restores.</summary>
    /// <param name="seams">The machine.</param>
    /// <param name="path">A backup, or a database that keeps its past.</param>
    /// <param name="logPath">The database whose log is read.</param>
    /// <param name="target">The new directory.</param>
    /// <param name="point">The state that is asked for.</param>
    /// <param name="options">The key and the sizes.</param>
    /// <param name="cancellation">Gives up; the new directory is then no database.</param>
    public static RestoreSummary Run(
        SystemSeams seams,
        string path,
        string logPath,
        string target,
        RestorePoint point,
        StorageOptions options,
        CancellationToken cancellation)
    {
        var restore = new DatabaseRestore(seams, options, point, cancellation);
        try
        {
            return restore.Run(
                Path.GetFullPath(path), Path.GetFullPath(logPath), Path.GetFullPath(target));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                $"The restore to {target} was not completed: {cause.Message} Remove that "
                + "directory and restore again.",
                innerException: cause);
        }
    }

    private RestoreSummary Run(string path, string logPath, string target)
    {
        for (int attempt = 1; ; attempt++)
        {
            using RestoreSource log = RestoreSource.Open(_seams, logPath, _options.Key);
            using RestoreSource? backup = path == logPath
                ? null
                : RestoreSource.Open(_seams, path, _options.Key);
            if (backup is not null && backup.Super.DatabaseId != log.Super.DatabaseId)
            {
                throw Impossible($"{path} is no backup of the database {logPath}.");
            }

            try
            {
                (RestoreSource source, RetainedCheckpoint start) = Choose(log, backup);
                RestoreScan scan = Scan(log, start);
                return Write(source, log, start, scan, target);
            }
            catch (Exception cause) when (
                cause is IOException or CorruptionException
                && attempt < AttemptCountMax
                && !_seams.Files.DirectoryExists(target)
                && log.Directory.HasMovedOn())
            {
                // Its writer has replaced what was being read.
                _cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    // The newest files that hold nothing later than what is asked for, from which the log leads on.
    private (RestoreSource Source, RetainedCheckpoint Start) Choose(
        RestoreSource log, RestoreSource? backup)
    {
        (RestoreSource Source, RetainedCheckpoint Entry)[] all =
        [
            .. (backup?.Checkpoints ?? []).Select(entry => (backup!, entry)),
            .. log.Checkpoints.Select(entry => (log, entry)),
        ];
        if (all.Length == 0)
        {
            throw Impossible(
                $"{log.Directory.Files.Root} has no checkpoint to begin with. A database keeps "
                + "its past from the opening with RetainLog on.");
        }

        (RestoreSource Source, RetainedCheckpoint Entry)[] fitting =
        [
            .. all.Where(known => _point.Includes(known.Entry.Timestamp, known.Entry.Moment)),
        ];
        if (fitting.Length == 0)
        {
            (RestoreSource _, RetainedCheckpoint first) = all.MinBy(
                static known => known.Entry.Timestamp);
            throw Impossible(
                $"The first state that can be restored is commit {first.Timestamp} of "
                + $"{RestorePoint.Show(first.Moment)}; {_point} is earlier.");
        }

        return fitting
            .Where(known => log.StartAfter(known.Entry.Timestamp) is not null)
            .DefaultIfEmpty(fitting.MaxBy(static known => known.Entry.Timestamp))
            .MaxBy(static known => known.Entry.Timestamp);
    }

    private RestoreScan Scan(RestoreSource log, RetainedCheckpoint start)
    {
        var scan = new RestoreScan(
            start.Timestamp,
            start.Moment,
            _point,
            log.Directory.LogPath,
            _cancellation);
        LogStart? from = log.StartAfter(start.Timestamp);
        if (from is not null)
        {
            log.Read(from.Value, scan, _cancellation);
        }

        if (_point.IsBehind(scan.EndCommit, scan.EndMoment))
        {
            string why = from is null
                ? " The log that would follow it is not kept any more."
                : string.Empty;
            throw Impossible(
                $"The last state that can be restored is commit {scan.EndCommit} of "
                + $"{RestorePoint.Show(scan.EndMoment)}; {_point} is later.{why}");
        }

        return scan;
    }

    private RestoreSummary Write(
        RestoreSource source,
        RestoreSource log,
        RetainedCheckpoint start,
        RestoreScan scan,
        string target)
    {
        IFileSystem files = _seams.Files;
        if (files.FileExists(target)
            || (files.DirectoryExists(target) && files.List(target).Count > 0))
        {
            throw new NeuroStoreException(
                ErrorCode.NotADatabase,
                $"{target} is not empty. Give a new directory for what is restored.");
        }

        files.CreateDirectory(target);
        string mark = Path.Combine(target, DatabaseDirectory.RestoreMarkName);
        files.Open(mark, FileOpenKind.Create).Dispose();
        files.FlushDirectory(target);
        CopyFiles(source, start, target);
        if (scan.LastCommit > start.Timestamp)
        {
            ReplayLog(source, log, start, scan, target);
        }

        files.Delete(Path.Combine(target, DatabaseDirectory.BackupMarkName));
        files.Delete(mark);
        files.FlushDirectory(target);
        return new RestoreSummary(
            scan.LastCommit,
            CommitClock.MomentOf(scan.LastMoment),
            start.Timestamp,
            scan.LastCommit - start.Timestamp);
    }

    private void CopyFiles(RestoreSource source, RetainedCheckpoint start, string target)
    {
        SuperBlock super = source.Super with
        {
            Manifest = start.Manifest,
            CheckpointTimestamp = start.Timestamp,
        };
        Manifest manifest = ReadManifest(source, start);
        new BackupRun(_seams, source.Directory, super, manifest)
            .Run(target, mustBeNew: true, _options.Log, _cancellation);
    }

    private void ReplayLog(
        RestoreSource source,
        RestoreSource log,
        RetainedCheckpoint start,
        RestoreScan scan,
        string target)
    {
        var names = new DatabaseFiles(_seams.Files, target);
        long floor = log.LastSegmentId(ReadManifest(source, start));
        foreach (RetainedCheckpoint entry in log.Checkpoints)
        {
            floor = Math.Max(floor, ReadManifest(log, entry).LastSegmentId);
        }

        StorageOptions options = _options with
        {
            Restoring = new RestoreContext(
                floor,
                id =>
                {
                    Fetch(log.Directory.Files.SegmentPath(id), names.SegmentPath(id));
                    Fetch(log.Directory.Files.BlobPath(id), names.BlobPath(id));
                }),
        };
        using var writer = new RestoreLogWriter(
            _seams,
            target,
            options,
            scan,
            start.Timestamp,
            log.Directory.LogPath,
            _cancellation);
        log.Read(log.StartAfter(start.Timestamp)!.Value, writer, _cancellation);
        writer.Complete();
    }

    private Manifest ReadManifest(RestoreSource source, RetainedCheckpoint entry) =>
        Manifest.Read(
            _seams.Files,
            source.Directory.Files.ManifestPath(entry.Manifest.Number),
            source.Super.DatabaseId,
            entry.Manifest,
            source.Directory.Keys);

    private void Fetch(string source, string copy)
    {
        IFileSystem files = _seams.Files;
        if (files.FileExists(source) && !files.FileExists(copy))
        {
            FileCopy.Run(files, source, copy, _cancellation);
            string? directory = Path.GetDirectoryName(copy);
            Invariant.Check(directory is not null);
            files.FlushDirectory(directory);
        }
    }

    private NeuroStoreException Impossible(string why) =>
        new(ErrorCode.RestoreImpossible, $"{_point} cannot be restored. {why}");
}
