namespace NeuroDb.Storage;

/// <summary>
/// All versions of the rows of one table. A version gets its number when it is committed, the
/// numbers are consecutive in the order of the commits, and no version ever changes or shares its
/// number: an update ends one version and appends another. One writer at a time, the commit
/// pipeline; readers take no lock.
/// </summary>
internal sealed class VersionedTable
{
    private readonly KeyMaximum[] _maxima;
    private TableSchema _schema;
    private ColumnStore[] _template;
    private TableLayout _layout;
    private long _liveCount;
    private long _lastChange;

    /// <summary>Makes an empty table.</summary>
    public VersionedTable(TableSchema schema)
    {
        _schema = schema;
        _layout = new TableLayout([new RowDelta(schema, 0)]);
        _maxima = new KeyMaximum[schema.Keys.Count];
        for (int i = 0; i < _maxima.Length; i++)
        {
            _maxima[i] = new KeyMaximum(schema, schema.Keys[i]);
        }

        Identity = new IdentityCounter(schema);
        _template = ColumnStore.CreateAll(schema);
    }

    /// <summary>The newest definition of the table.</summary>
    public TableSchema Schema => Volatile.Read(ref _schema);

    /// <summary>Where the versions are now; see <see cref="Generation"/> for snapshots.</summary>
    public TableLayout Layout => Volatile.Read(ref _layout);

    /// <summary>Rows that live at the newest commit.</summary>
    public long LiveCount => Volatile.Read(ref _liveCount);

    /// <summary>Versions, those of commits not yet published included.</summary>
    public long VersionCount => Sum(static part => part.RowCount);

    /// <summary>The timestamp of the newest commit that changed the table.</summary>
    public long LastChange => Volatile.Read(ref _lastChange);

    /// <summary>The number that the next version gets.</summary>
    public long NextRowId => _layout.Active.EndRowId;

    /// <summary>The next value of the INTEGER PRIMARY KEY.</summary>
    public IdentityCounter Identity { get; }

    /// <summary>Empty stores of the columns, for hashing values and gathering.</summary>
    public ColumnStore[] Template => Volatile.Read(ref _template);

    /// <summary>The bytes of the key indexes.</summary>
    public long IndexSizeBytes => Sum(static part => part.IndexSizeBytes);

    /// <summary>The bytes of the deltas, roughly.</summary>
    public long DeltaSizeBytes => Sum(static part => (part as RowDelta)?.SizeBytes ?? 0);

    /// <summary>
    /// The greatest value of a key of one whole-number column; what is above it is not there.
    /// </summary>
    public KeyMaximum MaximumOf(int key) => _maxima[key];

    /// <summary>Begins replay, during which nobody reads the table.</summary>
    public void BeginReplay() => _layout.Active.BeginReplay();

    /// <summary>Ends replay at a timestamp and makes the table ready to be read.</summary>
    public void CompleteReplay(long timestamp)
    {
        foreach (RowPart part in _layout.Parts)
        {
            (part as RowDelta)?.CompleteReplay(timestamp);
        }
    }

    /// <summary>
    /// Asks for the memory that looking for a key will look at first: who knows early what he will
    /// look for waits less. Nothing happens where the table or the values are others than the
    /// caller thinks.
    /// </summary>
    /// <param name="key">The ordinal of the key.</param>
    /// <param name="values">Values.</param>
    /// <param name="places">For each column of the key the place of its value among them.</param>
    public void PrefetchKey(int key, ReadOnlySpan<Value> values, ReadOnlySpan<int> places)
    {
        TableSchema schema = Schema;
        ColumnStore[] template = Template;
        if (key >= schema.Keys.Count || schema.Keys[key].Ordinals.Length != places.Length
            || template.Length != schema.Columns.Count)
        {
            return;
        }

        int[] ordinals = schema.Keys[key].Ordinals;
        ulong hash = 0;
        for (int i = 0; i < ordinals.Length; i++)
        {
            ref readonly Value value = ref values[places[i]];
            if (value.IsNull || value.Large is not null || value.Input is not null
                || !IsOf(schema.Columns[ordinals[i]].Type, value.Kind))
            {
                return;
            }

            ulong next = template[ordinals[i]].HashOf(value);
            hash = i == 0 ? next : Hash64.Combine(hash, next);
        }

        ulong code = KeyCode.IsOrdered(schema, schema.Keys[key])
            ? KeyCode.Of(values[places[0]].AsInt64())
            : hash;
        foreach (RowPart part in Layout.Parts)
        {
            part.PrefetchKey(key, hash, code);
        }
    }

    /// <summary>Ends a version that lives.</summary>
    public void End(long rowId, long timestamp)
    {
        bool isThere = _layout.TryPartOf(rowId, out RowPart part);
        Invariant.Check(isThere);
        part.End(rowId, timestamp);
        Volatile.Write(ref _liveCount, _liveCount - 1);
        Volatile.Write(ref _lastChange, timestamp);
    }

    /// <summary>Appends versions.</summary>
    /// <param name="columns">The stores that hold the rows.</param>
    /// <param name="start">The first row in them.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="timestamp">The timestamp of the commit.</param>
    public void Append(ColumnStore[] columns, int start, int count, long timestamp)
    {
        _layout.Active.Append(columns, start, count, timestamp);
        Observe(columns, start, count, timestamp);
    }

    /// <summary>
    /// The stores in whose next rows versions may be written that <see cref="Complete"/> appends;
    /// null if they do not fit into the chunk.
    /// </summary>
    public ColumnStore[]? Prepare(int count, out int row) =>
        _layout.Active.Prepare(count, out row);

    /// <summary>Appends the versions that were written where they belong.</summary>
    public void Complete(ColumnStore[] columns, int row, int count, long timestamp)
    {
        _layout.Active.Complete(count, timestamp);
        Observe(columns, row, count, timestamp);
    }

    /// <summary>
    /// Appends versions by taking over the stores that hold them, which the caller gives up.
    /// </summary>
    /// <param name="columns">The stores.</param>
    /// <param name="count">How many rows they hold.</param>
    /// <param name="timestamp">The timestamp of the commit.</param>
    /// <returns>False if the last chunk is not full, so that nothing was done.</returns>
    public bool TryAdopt(ColumnStore[] columns, int count, long timestamp)
    {
        bool isDone = _layout.Active.TryAdopt(columns, count, timestamp);
        if (isDone)
        {
            Observe(columns, 0, count, timestamp);
        }

        return isDone;
    }

    /// <summary>
    /// Puts a layout in the place of the one that is there; under the commit gate, by who keeps the
    /// generations.
    /// </summary>
    public void Install(TableLayout layout)
    {
        Invariant.Check(layout.Active.EndRowId == NextRowId);
        Volatile.Write(ref _layout, layout);
    }

    /// <summary>
    /// Puts a layout in the place of the one that is there which has segments with new versions
    /// behind all others; under the commit gate, by who keeps the generations.
    /// </summary>
    public void Extend(TableLayout layout, IReadOnlyList<SealedRows> added, long timestamp)
    {
        Invariant.Check(added.Count > 0 && added[0].FirstRowId == NextRowId);
        Invariant.Check(layout.Active.FirstRowId == added[^1].EndRowId);
        foreach (SealedRows part in added)
        {
            Observe(part);
            Volatile.Write(ref _liveCount, _liveCount + part.LiveCount);
        }

        Volatile.Write(ref _layout, layout);
        Volatile.Write(ref _lastChange, timestamp);
    }

    /// <summary>
    /// The layout for a definition with more columns: what commits append from then on has them.
    /// </summary>
    public TableLayout LayoutFor(TableSchema schema) => new([
        .. _layout.Active.RowCount > 0 ? _layout.Parts : _layout.Parts[..^1],
        new RowDelta(schema, NextRowId)]);

    /// <summary>
    /// Takes another definition; under the commit gate, before the layout that goes with it.
    /// </summary>
    public void Alter(TableSchema schema)
    {
        Volatile.Write(ref _template, ColumnStore.CreateAll(schema));
        Volatile.Write(ref _schema, schema);
    }

    /// <summary>What a checkpoint needs to know; under the commit gate.</summary>
    public FrozenTable ToFrozen(TableEntry table, RowPart[] parts) => new(
        table,
        parts,
        NextRowId,
        Identity.Last,
        [.. _maxima.Select(static maximum => maximum.Value)],
        LiveCount);

    /// <summary>Starts from what a checkpoint has written down; before anybody sees it.</summary>
    public void Restore(RestoredTable restored)
    {
        Invariant.Check(NextRowId == 0 && restored.KeyMaxima.Count == _maxima.Length);
        _layout = new TableLayout([.. restored.Parts, new RowDelta(Schema, restored.NextRowId)]);
        _liveCount = restored.LiveCount;
        Identity.Restore(restored.IdentityLast);
        for (int i = 0; i < _maxima.Length; i++)
        {
            _maxima[i].Restore(restored.KeyMaxima[i]);
        }
    }

    /// <summary>Tells the bytes of values that a commit appends, roughly.</summary>
    public void AddSize(long bytes) => _layout.Active.AddSize(bytes);

    private static bool IsOf(DataType type, TypeKind kind) =>
        kind == type.Kind || (type.IsInteger && kind is TypeKind.Integer or TypeKind.BigInt);

    private void Observe(SealedRows part)
    {
        for (int i = 0; i < _maxima.Length; i++)
        {
            KeyRun run = part.File.Key(i);
            if (!run.IsOrdered || run.Count == 0)
            {
                continue;
            }

            long greatest = KeyCode.ValueOf(run.CodeMax);
            _maxima[i].Observe(greatest);
            if (Schema.Keys[i].Ordinals[0] == Schema.IdentityOrdinal)
            {
                Identity.Observe(greatest);
            }
        }
    }

    private long Sum(Func<RowPart, long> figure)
    {
        long sum = 0;
        foreach (RowPart part in Layout.Parts)
        {
            sum += figure(part);
        }

        return sum;
    }

    private void Observe(ColumnStore[] columns, int start, int count, long timestamp)
    {
        foreach (KeyMaximum maximum in _maxima)
        {
            maximum.Observe(columns, start, count);
        }

        Identity.Observe(columns, start, count);
        Volatile.Write(ref _liveCount, _liveCount + count);
        Volatile.Write(ref _lastChange, timestamp);
    }
}
