namespace NeuroDb.Storage;

/// <summary>
/// Walks over the rows of a snapshot whose key lies in a range, in the order of the key: merges the
/// sorted runs of all parts, of the unsorted tails of the deltas and of the transaction's own rows,
/// and leaves out what the snapshot does not see. One thread; it allocates when it begins.
/// </summary>
internal sealed class KeyRangeReader
{
    private readonly SnapshotView _view;
    private readonly KeyRangeSource[] _sources;
    private readonly ulong _flip;
    private int _count;

    /// <summary>Begins before the first row.</summary>
    public KeyRangeReader(
        TableLayout layout,
        SnapshotView view,
        long pendingCount,
        TableSchema schema,
        int key,
        long low,
        long high,
        bool isDescending)
    {
        Invariant.Check(KeyCode.IsOrdered(schema, schema.Keys[key]));
        _view = view;
        _flip = isDescending ? ulong.MaxValue : 0;
        var sources = new List<KeyRangeSource>(layout.Parts.Length + 2);
        if (low <= high)
        {
            ulong first = KeyCode.Of(low);
            ulong last = KeyCode.Of(high);
            foreach (RowPart part in layout.Parts)
            {
                Add(sources, part, key, first, last, isDescending);
            }

            if (pendingCount > 0)
            {
                KeyPiece own = PendingRun(
                    pendingCount, schema.Keys[key].Ordinals[0], first, last);
                sources.Add(KeyRangeSource.Of(null, own, first, last, isDescending));
            }
        }

        sources.RemoveAll(static source => source.Left == 0);
        _sources = [.. sources];
        _count = _sources.Length;
        foreach (KeyRangeSource source in _sources)
        {
            EntryCount += source.Remaining;
        }
    }

    /// <summary>
    /// The entries of the range at the beginning: as many rows, or more where some are dead.
    /// </summary>
    public long EntryCount { get; }

    /// <summary>Reads the next rows.</summary>
    /// <param name="keys">Takes the values of the key.</param>
    /// <param name="places">Takes where the rows lie; as long.</param>
    /// <returns>How many there are; fewer than there is room for only at the end.</returns>
    public int Read(Span<long> keys, Span<RowPlace> places)
    {
        Invariant.Check(keys.Length == places.Length);
        int read = 0;
        while (_count > 0 && read < keys.Length)
        {
            int least = Least(out ulong bound);
            KeyRangeSource source = _sources[least];
            read += Drain(source, bound, keys[read..], places[read..]);
            if (source.Left == 0)
            {
                _sources[least] = _sources[--_count];
                _sources[_count] = source;
            }
        }

        return read;
    }

    // The source whose next entry comes first, and the code up to which no other one does.
    private int Least(out ulong bound)
    {
        int least = 0;
        ulong lowest = _sources[0].Head;
        bound = ulong.MaxValue;
        for (int i = 1; i < _count; i++)
        {
            ulong head = _sources[i].Head;
            if (head < lowest)
            {
                bound = lowest;
                lowest = head;
                least = i;
            }
            else if (head < bound)
            {
                bound = head;
            }
        }

        return least;
    }

    private int Drain(
        KeyRangeSource source, ulong bound, Span<long> keys, Span<RowPlace> places)
    {
        int read = 0;
        while (read < keys.Length && source.Left > 0 && source.Head <= bound)
        {
            var place = RowPlace.Of(source.Part, source.Ordinals[source.Index]);
            if (IsVisible(place))
            {
                keys[read] = KeyCode.ValueOf(source.Head ^ _flip);
                places[read++] = place;
            }

            source.Advance();
        }

        return read;
    }

    private bool IsVisible(in RowPlace place)
    {
        if (place.Part is null)
        {
            return true;
        }

        bool isSeen;
        if (place.Part is SealedRows rows)
        {
            isSeen = rows.IsVisible(place.Chunk, place.Row, _view.Timestamp);
        }
        else
        {
            RowChunk chunk = ((RowDelta)place.Part).ChunkAt(place.Chunk);
            isSeen = chunk.BeginAt(place.Row) <= _view.Timestamp
                && chunk.EndAt(place.Row) > _view.Timestamp;
        }

        return isSeen
            && (_view.Pending is null or { EndedCount: 0 }
                || !_view.Pending.IsEnded(
                    place.Part.RowIdOf(place.Chunk, place.Row), _view.Operation));
    }

    private void Add(
        List<KeyRangeSource> sources, RowPart part, int key, ulong low, ulong high,
        bool isDescending)
    {
        if (part is SealedRows rows)
        {
            sources.Add(KeyRangeSource.Of(rows, rows.File.Key(key), low, high, isDescending));
            return;
        }

        var delta = (RowDelta)part;
        long begun = delta.CountBegun(_view.Timestamp);
        if (begun == 0)
        {
            return;
        }

        DeltaKeyOrder order = delta.OrderOf(key);
        DeltaKeyRuns covered = order.Cover(begun);
        foreach (KeyPiece run in covered.Runs)
        {
            sources.Add(KeyRangeSource.Of(delta, run, low, high, isDescending));
        }

        if (covered.RowCount < begun)
        {
            using var tail = new KeyRunBuilder();
            order.Collect(tail, covered.RowCount, begun, low, high);
            sources.Add(KeyRangeSource.Of(delta, ToPiece(tail), low, high, isDescending));
        }
    }

    private KeyPiece PendingRun(long count, int column, ulong low, ulong high)
    {
        PendingRows pending = _view.Pending!;
        using var own = new KeyRunBuilder();
        for (long first = 0; first < count; first += Limits.ChunkRowCount)
        {
            using var alive = new KeyRunBuilder();
            KeyRangeRows.Collect(
                alive,
                (ColumnStore<long>)pending.ChunkOf(first).Column(column),
                0,
                (int)Math.Min(Limits.ChunkRowCount, count - first),
                checked((int)first),
                low,
                high);
            for (int i = 0; i < alive.Count; i++)
            {
                if (pending.IsAlive(alive.Ordinals[i], _view.Operation))
                {
                    own.Add(alive.Codes[i], alive.Ordinals[i]);
                }
            }
        }

        return ToPiece(own);
    }

    private static KeyPiece ToPiece(KeyRunBuilder builder)
    {
        builder.Sort();
        return new KeyPiece(builder.Codes.ToArray(), builder.Ordinals.ToArray());
    }
}
