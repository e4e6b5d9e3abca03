namespace NeuroDb.Storage;

/// <summary>
/// What an open database keeps of its past: the checkpoints from which a restore can begin, their
/// files, and the log from the oldest of them on. The file HISTORY names them; it is written before
/// SUPER names a new checkpoint, and only afterwards is anything removed, so that at every moment
/// all that it names is there. Changed by one checkpoint at a time, asked by any thread.
/// </summary>
internal sealed class LogHistory
{
    private readonly IFileSystem _files;
    private readonly DatabaseDirectory _directory;
    private readonly TimeProvider _clock;
    private readonly object _gate = new();
    private readonly Dictionary<long, IReadOnlyList<string>> _filesOf = [];
    private HashSet<string> _kept = [];
    private HistoryContent _content;

    private LogHistory(
        IFileSystem files,
        DatabaseDirectory directory,
        TimeProvider clock,
        HistoryContent content)
    {
        _files = files;
        _directory = directory;
        _clock = clock;
        _content = content;
    }

    /// <summary>Whether anything of the past is to be kept.</summary>
    public bool IsActive => !_content.Retention.IsNone;

    /// <summary>Whether a checkpoint must be made so that there is one to begin with.</summary>
    public bool NeedsCheckpoint => IsActive && _content.Checkpoints.Count == 0;

    /// <summary>The checkpoints that are kept, the oldest first.</summary>
    public IReadOnlyList<RetainedCheckpoint> Checkpoints => _content.Checkpoints;

    /// <summary>Where the log begins that is kept; null if only what SUPER says counts.</summary>
    public LogPosition? FirstPosition =>
        _content.Checkpoints.Count == 0 ? null : _content.Checkpoints[0].Log;

    /// <summary>All files that are kept.</summary>
    public IReadOnlyCollection<string> Files
    {
        get
        {
            lock (_gate)
            {
                return _kept;
            }
        }
    }

    /// <summary>
    /// Reads what is kept, and changes how much that is to be. Changes no file, so that an opening
    /// that is refused because of it has changed none.
    /// </summary>
    /// <param name="files">The disk.</param>
    /// <param name="directory">The directory, whose SUPER is open.</param>
    /// <param name="clock">The time.</param>
    /// <param name="retention">How much to keep; null for as much as before.</param>
    public static LogHistory Open(
        IFileSystem files,
        DatabaseDirectory directory,
        TimeProvider clock,
        LogRetention? retention)
    {
        string root = directory.Files.Root;
        if (retention is { IsNone: true })
        {
            return new LogHistory(files, directory, clock, HistoryContent.Empty);
        }

        HistoryContent content = HistoryFile.Read(files, root, directory.Super, directory.Keys);
        content = content with
        {
            Retention = retention ?? content.Retention,
            Checkpoints = StillThere(files, directory, content.Checkpoints),
        };
        var history = new LogHistory(files, directory, clock, content);
        foreach (RetainedCheckpoint entry in content.Checkpoints)
        {
            history._filesOf[entry.Manifest.Number] =
                [.. directory.Files.NamedBy(history.Read(entry))];
        }

        history.Take(content);
        return history;
    }

    /// <summary>Removes the file HISTORY if nothing is to be kept.</summary>
    public void DeleteIfEmpty()
    {
        if (!IsActive)
        {
            HistoryFile.Delete(_files, _directory.Files.Root);
        }
    }

    /// <summary>Whether a file is kept.</summary>
    public bool IsKept(string path)
    {
        lock (_gate)
        {
            return _kept.Contains(path);
        }
    }

    /// <summary>Writes what is to be kept once a new checkpoint counts, durably.</summary>
    /// <param name="entry">The new checkpoint.</param>
    /// <param name="manifest">Its manifest, which is written.</param>
    public HistoryContent Write(RetainedCheckpoint entry, Manifest manifest)
    {
        Invariant.Check(entry.Manifest.Number == manifest.Number);
        HistoryContent next = _content;
        if (IsActive)
        {
            _filesOf[manifest.Number] = [.. _directory.Files.NamedBy(manifest)];
            next = next with { Checkpoints = Keep(entry) };
            HistoryFile.Write(
                _files, _directory.Files.Root, _directory.Super, _directory.Keys, next);
        }

        return next;
    }

    /// <summary>
    /// Takes over what <see cref="Write"/> wrote, when the new checkpoint counts. Reads nothing,
    /// because SUPER names the checkpoint already and this must not fail.
    /// </summary>
    /// <returns>The files that are not kept any more.</returns>
    public IReadOnlyList<string> Take(HistoryContent next)
    {
        HashSet<long> numbers =
            [.. next.Checkpoints.Select(static entry => entry.Manifest.Number)];
        foreach (long number in _filesOf.Keys.Where(key => !numbers.Contains(key)).ToArray())
        {
            _filesOf.Remove(number);
        }

        HashSet<string> kept = [.. next.Checkpoints.SelectMany(NamesOf)];
        lock (_gate)
        {
            string[] dropped = [.. _kept.Except(kept)];
            _kept = kept;
            _content = next;
            return dropped;
        }
    }

    // The oldest one that is kept holds the state from which the bounds allow a restore.
    private List<RetainedCheckpoint> Keep(RetainedCheckpoint entry)
    {
        var entries = _content.Checkpoints
            .Where(known => known.Manifest.Number < entry.Manifest.Number)
            .Append(entry)
            .ToList();
        LogRetention retention = _content.Retention;
        long now = Math.Max(entry.Moment, CommitClock.MicrosecondsOf(_clock.GetUtcNow()));
        long time = retention.Time?.Ticks / TimeSpan.TicksPerMicrosecond ?? long.MaxValue;
        while (entries.Count > 1
            && (now - entries[1].Moment >= time
                || entry.Log.Address - entries[0].Log.Address > retention.SizeBytes))
        {
            entries.RemoveAt(0);
        }

        // What the log before the first one names is no part of any restore.
        entries[0] = entries[0] with { SegmentIds = [] };
        return entries;
    }

    private IEnumerable<string> NamesOf(RetainedCheckpoint entry)
    {
        Invariant.Check(_filesOf.ContainsKey(entry.Manifest.Number));
        return _filesOf[entry.Manifest.Number]
            .Concat(entry.SegmentIds.Select(_directory.Files.SegmentPath))
            .Concat(entry.SegmentIds.Select(_directory.Files.BlobPath));
    }

    private Manifest Read(RetainedCheckpoint entry)
    {
        try
        {
            return Manifest.Read(
                _files,
                _directory.Files.ManifestPath(entry.Manifest.Number),
                _directory.Super.DatabaseId,
                entry.Manifest,
                _directory.Keys);
        }
        catch (CorruptionException damage)
        {
            throw new CorruptionException(
                damage.FilePath,
                damage.Offset,
                $"{damage.Detail}; only restores to earlier moments need it: remove "
                + $"{HistoryFile.Name} to give them up");
        }
    }

    // A crash may have brought an older file back than the one whose files are there.
    private static List<RetainedCheckpoint> StillThere(
        IFileSystem files,
        DatabaseDirectory directory,
        IReadOnlyList<RetainedCheckpoint> checkpoints)
    {
        int first = checkpoints.Count;
        while (first > 0 && files.FileExists(
            directory.Files.ManifestPath(checkpoints[first - 1].Manifest.Number)))
        {
            first--;
        }

        return [.. checkpoints.Skip(first)];
    }
}
