using System.Collections.Concurrent;

namespace NeuroDb.Storage;

/// <summary>How versions come into a delta; under the commit gate.</summary>
internal sealed partial class RowDelta
{
    // A first chunk so full is followed soon by the next one; where there are several, the next one
    // is made at once.
    private const int PreparedFromRowCount = Limits.ChunkRowCount / 2;

    // A table so large gets rows fast: more than one is ready.
    private const int FastFromRowCount = 16 * Limits.ChunkRowCount;
    private const int FastChunkCount = 4;
    private readonly ConcurrentQueue<RowChunk> _nextChunks = new();
    private bool _isFast;
    private bool _isNextBegun;
    private bool _isReleased;

    // Of the last full chunk: rows that follow take about as much.
    private long[] _elementSizes = [];

    /// <summary>
    /// The delta for the rows behind this one, which comes in its place: rows come as fast as they
    /// came here, into the chunks that were made ready for them.
    /// </summary>
    /// <param name="schema">The columns and keys.</param>
    /// <param name="firstRowId">The number of its first row version.</param>
    public RowDelta Succeed(TableSchema schema, long firstRowId)
    {
        var next = new RowDelta(schema, firstRowId)
        {
            _isFast = RowCount >= FastFromRowCount,
            _elementSizes = _elementSizes,
        };
        while (ReferenceEquals(schema, _schema) && _nextChunks.TryDequeue(out RowChunk? chunk))
        {
            next._nextChunks.Enqueue(chunk);
        }

        return next;
    }

    /// <summary>Asks for the memory that appending a row with such keys will look at.</summary>
    public void PrefetchKeys(ColumnStore[] columns, int row)
    {
        for (int i = 0; i < _indexes.Length; i++)
        {
            if (KeyColumns.TryHash(columns, _schema.Keys[i].Ordinals, row, out ulong hash))
            {
                _indexes[i].Prefetch(hash);
            }
        }
    }

    /// <inheritdoc/>
    public override void PrefetchKey(int key, ulong hash, ulong code)
    {
        if (key < _indexes.Length)
        {
            _indexes[key].Prefetch(hash);
        }
    }

    /// <summary>
    /// What is to be done on another thread, so that the next rows find fresh memory ready; null if
    /// there is nothing.
    /// </summary>
    public Action? TakePreparation()
    {
        foreach (KeyIndex index in _indexes)
        {
            if (index.TryBeginPreparing())
            {
                return index.PrepareGrowth;
            }
        }

        if (!_isNextBegun && (_isFast || _rowCount >= PreparedFromRowCount))
        {
            // A chunk of vectors is megabytes, which cost as much on any thread.
            _isNextBegun = true;
            return _hasVectors ? null : PrepareChunk;
        }

        return null;
    }

    /// <summary>Appends versions.</summary>
    /// <param name="columns">The stores that hold the rows.</param>
    /// <param name="start">The first row in them.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="timestamp">The timestamp of the commit.</param>
    public void Append(ColumnStore[] columns, int start, int count, long timestamp)
    {
        while (count > 0)
        {
            int row = RowOf(_rowCount);
            int run = Math.Min(count, Limits.ChunkRowCount - row);
            RowChunk chunk = row == 0
                ? AddChunk()
                : ChunkOf(_rowCount);
            chunk.Reserve(row + run);
            for (int i = 0; i < columns.Length; i++)
            {
                chunk.Columns[i].Copy(row, columns[i], start, run);
            }

            AppendVersions(chunk, row, run, timestamp);
            start += run;
            count -= run;
        }
    }

    /// <summary>
    /// The stores in whose next rows versions may be written that <see cref="Complete"/> appends;
    /// null if they do not fit into the chunk.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="row">The first row in the stores.</param>
    public ColumnStore[]? Prepare(int count, out int row)
    {
        row = RowOf(_rowCount);
        if (row + count > Limits.ChunkRowCount)
        {
            return null;
        }

        RowChunk chunk = row == 0
            ? AddChunk()
            : ChunkOf(_rowCount);
        chunk.Reserve(row + count);
        return chunk.Columns;
    }

    /// <summary>Appends the versions that were written where they belong.</summary>
    public void Complete(int count, long timestamp) =>
        AppendVersions(ChunkOf(_rowCount), RowOf(_rowCount), count, timestamp);

    /// <summary>
    /// Appends versions by taking over the stores that hold them, which the caller gives up.
    /// </summary>
    /// <param name="columns">The stores.</param>
    /// <param name="count">How many rows they hold.</param>
    /// <param name="timestamp">The timestamp of the commit.</param>
    /// <returns>False if the last chunk is not full, so that nothing was done.</returns>
    public bool TryAdopt(ColumnStore[] columns, int count, long timestamp)
    {
        if (RowOf(_rowCount) != 0)
        {
            return false;
        }

        RowChunk chunk = AddChunk(new RowChunk(columns));
        chunk.Reserve(count);
        AppendVersions(chunk, 0, count, timestamp);
        return true;
    }

    // The system finds fresh memory slowly: so not on the way of a commit.
    private void PrepareChunk()
    {
        try
        {
            bool isFast = _isFast || RowCount >= FastFromRowCount;
            int wanted = isFast ? FastChunkCount : 1;
            while (_nextChunks.Count < wanted)
            {
                _nextChunks.Enqueue(WholeChunk(isTouched: true));
            }
        }
        catch (OutOfMemoryException)
        {
            // Whose rows need the chunk finds the same out, and can tell somebody.
            _nextChunks.Clear();
        }

        ReleaseIfLate();
    }

    // Of two threads, one that makes a chunk ready and one that gives the memory of the delta back,
    // the later one sees what the other did.
    private void ReleaseIfLate()
    {
        Interlocked.MemoryBarrier();
        while (Volatile.Read(ref _isReleased) && _nextChunks.TryDequeue(out RowChunk? chunk))
        {
            chunk.Release();
        }
    }

    private RowChunk WholeChunk(bool isTouched)
    {
        var chunk = new RowChunk(ColumnStore.CreateAll(_schema));
        chunk.ReserveWhole(isTouched, Volatile.Read(ref _elementSizes));
        return chunk;
    }

    // A table of several chunks will fill this one, too.
    private RowChunk AddChunk()
    {
        _isNextBegun = false;
        if (_nextChunks.TryDequeue(out RowChunk? chunk))
        {
            return AddChunk(chunk);
        }

        return AddChunk((_isFast || _rowCount > 0) && !_hasVectors
            ? WholeChunk(isTouched: false)
            : new RowChunk(ColumnStore.CreateAll(_schema)));
    }

    private RowChunk AddChunk(RowChunk chunk)
    {
        int number = checked((int)(_rowCount / Limits.ChunkRowCount));
        RowChunk[] chunks = _chunks;
        if (number > 0)
        {
            Volatile.Write(ref _elementSizes, chunks[number - 1].ElementSizes());
        }

        if (number == chunks.Length)
        {
            chunks = new RowChunk[Math.Max(4, chunks.Length * 2)];
            _chunks.CopyTo(chunks, 0);
        }

        chunks[number] = chunk;
        Volatile.Write(ref _chunks, chunks);
        return chunk;
    }

    private void AppendVersions(RowChunk chunk, int row, int count, long timestamp)
    {
        chunk.Begin(row, count, _isReplaying ? 0 : timestamp);

        // Snapshots that count rows must find them complete; the indexes lead only to rows that
        // their timestamps hide.
        Volatile.Write(ref _rowCount, _rowCount + count);
        for (int i = 0; i < _indexes.Length && !_isReplaying; i++)
        {
            _indexes[i].AddAll();
        }
    }
}
