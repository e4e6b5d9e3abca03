using System.Runtime.ExceptionServices;

namespace NeuroDb.Storage;

/// <summary>
/// Writes chunks of pending rows of one table into segments, on a worker, while the transaction
/// goes on. The chunks stay in memory until their segment is complete and flushed, and the owner,
/// the thread of the transaction, has taken notice: so nothing changes under its readers. What is
/// not given to a commit is removed on disposal.
/// </summary>
internal sealed class BulkWriter : IDisposable
{
    private static readonly int[] RowsOfChunk = [.. Enumerable.Range(0, Limits.ChunkRowCount)];
    private readonly BulkContext _context;
    private readonly TableEntry _table;
    private readonly object _gate = new();
    private readonly Queue<PendingChunk> _queue = new();
    private readonly List<BulkSegment> _finished = [];
    private readonly List<PendingChunk> _chunks = [];
    private readonly List<BulkSegment> _segments = [];
    private readonly List<BulkSegment> _removed = [];
    private SegmentWriter? _writer;
    private SegmentIdentity _identity;
    private NeuroStoreException? _failure;
    private long _first;
    private long _sizeBytes;
    private long _heldBytes;
    private bool _isWorking;
    private bool _isEnding;
    private bool _isStopping;
    private bool _isClosed;
    private bool _isTaken;

    /// <summary>Starts with nothing written.</summary>
    public BulkWriter(BulkContext context, TableEntry table)
    {
        _context = context;
        _table = table;
        context.Store.Register(this);
    }

    /// <summary>The complete segments that the owner has taken notice of, in their order.</summary>
    public IReadOnlyList<BulkSegment> Segments => _segments;

    /// <summary>Whether rows were handed over that are in no complete segment.</summary>
    public bool IsBegun
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count > 0 || _chunks.Count > 0;
            }
        }
    }

    /// <summary>
    /// Hands over the chunk behind those before; waits while too many are on their way.
    /// </summary>
    public void Add(PendingChunk chunk)
    {
        lock (_gate)
        {
            CheckUsable();
            while (_heldBytes >= _context.HeldSizeBytesMax && _isWorking)
            {
                Monitor.Wait(_gate);
            }

            CheckUsable();
            _queue.Enqueue(chunk);
            _heldBytes += chunk.SizeBytes;
        }

        Work();
    }

    /// <summary>Takes notice of segments that were completed since the last call.</summary>
    public IReadOnlyList<BulkSegment> Collect()
    {
        lock (_gate)
        {
            BulkSegment[] finished = [.. _finished];
            _finished.Clear();
            _segments.AddRange(finished);
            return finished;
        }
    }

    /// <summary>Completes the last segment; all files are flushed, their names are not.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            CheckUsable();
            _isEnding = true;
        }

        Work();
        lock (_gate)
        {
            AwaitWorker();
            _isEnding = false;
            CheckUsable();
            Invariant.Check(_queue.Count == 0 && _chunks.Count == 0);
        }
    }

    /// <summary>Forgets what was handed over and is in no complete segment.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            Stop();
            _failure = null;
        }
    }

    /// <summary>
    /// Takes the segments from one on out, which the owner has taken notice of. Their files stay
    /// as long as the transaction: an older snapshot of it may be about to read them.
    /// </summary>
    public void RemoveFrom(int segment)
    {
        _removed.AddRange(_segments[segment..]);
        _segments.RemoveRange(segment, _segments.Count - segment);
        _first = segment == 0 ? 0 : _segments[^1].Rows.EndRowId;
    }

    /// <summary>Gives the segments to a commit, whose record names them.</summary>
    public void Give(long timestamp)
    {
        lock (_gate)
        {
            Invariant.Check(!_isWorking && _finished.Count == 0 && !_isClosed);
            _isTaken = true;
        }

        foreach (BulkSegment segment in _segments)
        {
            _context.Store.HoldUntil(segment.SegmentId, timestamp);
        }
    }

    /// <summary>
    /// Removes what was not given to a commit; also called when the database closes, by another
    /// thread than the owner's.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            Stop();
            Remove(_removed);
            if (!_isTaken)
            {
                Remove(_finished);
                Remove(_segments);
            }
        }

        _context.Store.Unregister(this);
    }

    private void Remove(IReadOnlyList<BulkSegment> segments)
    {
        SegmentStore store = _context.Store;
        foreach (string path in store.Retire([.. segments.Select(static one => one.SegmentId)]))
        {
            store.TryDelete(path);
        }
    }

    private void CheckUsable()
    {
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }

        if (_isClosed)
        {
            throw new NeuroStoreException(ErrorCode.Closed, "The database is closed.");
        }
    }

    private void Stop()
    {
        _isStopping = true;
        _queue.Clear();
        AwaitWorker();
        _isStopping = false;
        _writer?.Dispose();
        _writer = null;
        _chunks.Clear();
        _sizeBytes = 0;
        _heldBytes = 0;
    }

    private void AwaitWorker()
    {
        while (_isWorking)
        {
            Monitor.Wait(_gate);
        }
    }

    private void Work()
    {
        lock (_gate)
        {
            if (_isWorking)
            {
                return;
            }

            _isWorking = true;
        }

        _context.Workers.RunWaiting(WriteAll);
    }

    private void WriteAll()
    {
        NeuroStoreException? failure = null;
        bool goesOn = true;
        try
        {
            while (goesOn)
            {
                goesOn = TryTake(out PendingChunk? chunk);
                if (goesOn)
                {
                    Write(chunk);
                }
            }
        }
        catch (NeuroStoreException known)
        {
            failure = known;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            failure = new NeuroStoreException(
                ErrorCode.InputOutput,
                $"The rows of the transaction could not be written: {cause.Message} Nothing of it "
                + "was stored.",
                innerException: cause);
        }
        finally
        {
            if (goesOn)
            {
                lock (_gate)
                {
                    _failure ??= failure;
                    _isWorking = false;
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    // A chunk, or null where the segment is to end; false if there is nothing to do now.
    private bool TryTake(out PendingChunk? chunk)
    {
        lock (_gate)
        {
            chunk = null;
            if (_failure is null && !_isStopping
                && (_queue.TryDequeue(out chunk) || (_isEnding && _chunks.Count > 0)))
            {
                return true;
            }

            // The next one to hand over a chunk begins again.
            _isWorking = false;
            Monitor.PulseAll(_gate);
            return false;
        }
    }

    private void Write(PendingChunk? chunk)
    {
        if (chunk is not null)
        {
            _writer ??= _context.Store.Create(
                _table.Id, _table.Schema, out _identity, _context.Workers);
            var numbers = new long[chunk.Count];
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = _writer.RowCount + i;
            }

            _writer.Append(chunk.Columns, RowsOfChunk.AsSpan(0, chunk.Count), numbers);
            lock (_gate)
            {
                _chunks.Add(chunk);
            }

            _sizeBytes += chunk.SizeBytes;
        }

        if (chunk is null
            || _sizeBytes >= _context.SegmentSizeBytes
            || _writer!.RowCount >= CompactionPolicy.SegmentRowCountMax)
        {
            EndSegment();
        }
    }

    private SegmentFile Open(SegmentInfo info)
    {
        SegmentStore store = _context.Store;
        SegmentFile? file = null;
        try
        {
            file = store.OpenPending(_table.Id, _table.Schema, _identity.SegmentId, info);
            return file;
        }
        finally
        {
            if (file is null)
            {
                store.TryDelete(store.Names.SegmentPath(_identity.SegmentId));
            }
        }
    }

    private void EndSegment()
    {
        SegmentInfo info = _writer!.Complete();
        _writer.Dispose();
        _writer = null;
        SegmentFile file = Open(info);
        var rows = new SealedRows(file, _table.Schema, _first, _first + info.RowCount, null);
        lock (_gate)
        {
            _finished.Add(new BulkSegment(rows, [.. _chunks]));
            _first += info.RowCount;
            _heldBytes -= _sizeBytes;
            _sizeBytes = 0;
            _chunks.Clear();
            Monitor.PulseAll(_gate);
        }
    }
}
