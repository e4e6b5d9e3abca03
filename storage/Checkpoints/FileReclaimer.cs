namespace NeuroDb.Storage;

/// <summary>
/// Deletes files that no published state needs any more: segments and delete-files that were
/// replaced, old manifests. A backup that copies files by name holds it back meanwhile. A file that
/// cannot be deleted stays until the next opening, which removes what no manifest names.
/// </summary>
/// <param name="files">The disk.</param>
/// <param name="isKept">Whether a file is kept for restores to the past.</param>
internal sealed class FileReclaimer(IFileSystem files, Func<string, bool> isKept)
{
    private readonly object _gate = new();
    private readonly List<string> _waiting = [];
    private int _pauseCount;

    /// <summary>Files that wait to be deleted.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Deletes files, now or when nobody holds them back.</summary>
    public void Delete(IEnumerable<string> paths)
    {
        lock (_gate)
        {
            _waiting.AddRange(paths.Where(path => !isKept(path)));
        }

        DeleteWaiting();
    }

    /// <summary>Holds deletions back until the result is disposed.</summary>
    public IDisposable Pause()
    {
        lock (_gate)
        {
            _pauseCount++;
        }

        return new Hold(this);
    }

    private void DeleteWaiting()
    {
        string[] paths;
        lock (_gate)
        {
            if (_pauseCount > 0)
            {
                return;
            }

            paths = [.. _waiting];
            _waiting.Clear();
        }

        foreach (string path in paths)
        {
            try
            {
                files.Delete(path);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Nothing depends on it: an unnamed file is removed by the next opening.
                continue;
            }
        }
    }

    private void Resume()
    {
        lock (_gate)
        {
            Invariant.Check(_pauseCount > 0);
            _pauseCount--;
        }

        DeleteWaiting();
    }

    private sealed class Hold(FileReclaimer reclaimer) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                reclaimer.Resume();
            }
        }
    }
}
