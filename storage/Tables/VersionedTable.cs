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
    private readonly RowDelta _delta;
    private long _liveCount;
    private long _lastChange;

    /// <summary>Makes an empty table.</summary>
    public VersionedTable(TableSchema schema)
    {
        Schema = schema;
        _delta = new RowDelta(schema, 0);
        _maxima = new KeyMaximum[schema.Keys.Count];
        for (int i = 0; i < _maxima.Length; i++)
        {
            _maxima[i] = new KeyMaximum(schema, schema.Keys[i]);
        }

        Identity = new IdentityCounter(schema);
        Template = ColumnStore.CreateAll(schema);
    }

    /// <summary>The definition of the table.</summary>
    public TableSchema Schema { get; }

    /// <summary>The versions in memory.</summary>
    public RowDelta Delta => _delta;

    /// <summary>Rows that live at the newest commit.</summary>
    public long LiveCount => Volatile.Read(ref _liveCount);

    /// <summary>Versions, those of commits not yet published included.</summary>
    public long VersionCount => _delta.RowCount;

    /// <summary>The timestamp of the newest commit that changed the table.</summary>
    public long LastChange => Volatile.Read(ref _lastChange);

    /// <summary>The number that the next version gets.</summary>
    public long NextRowId => _delta.EndRowId;

    /// <summary>The next value of the INTEGER PRIMARY KEY.</summary>
    public IdentityCounter Identity { get; }

    /// <summary>Empty stores of the columns, for hashing values and gathering.</summary>
    public ColumnStore[] Template { get; }

    /// <summary>The bytes of the key indexes.</summary>
    public long IndexSizeBytes => _delta.IndexSizeBytes;

    /// <summary>Whether a timestamp sees a version.</summary>
    public bool IsVisible(long rowId, long timestamp) => _delta.IsVisible(rowId, timestamp);

    /// <summary>Whether a version lives at the newest commit.</summary>
    public bool IsLive(long rowId) => _delta.IsLive(rowId);

    /// <summary>The version that has a key and that a timestamp sees.</summary>
    public bool TryFind(in SoughtKey sought, long timestamp, out long rowId) =>
        _delta.TryFind(sought, timestamp, out rowId);

    /// <summary>
    /// The greatest value of a key of one whole-number column; what is above it is not there.
    /// </summary>
    public KeyMaximum MaximumOf(int key) => _maxima[key];

    /// <summary>Begins replay, during which nobody reads the table.</summary>
    public void BeginReplay() => _delta.BeginReplay();

    /// <summary>Ends replay at a timestamp and makes the table ready to be read.</summary>
    public void CompleteReplay(long timestamp) => _delta.CompleteReplay(timestamp);

    /// <summary>Ends a version that lives.</summary>
    public void End(long rowId, long timestamp)
    {
        _delta.End(rowId, timestamp);
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
        _delta.Append(columns, start, count, timestamp);
        Observe(columns, start, count, timestamp);
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
        bool isDone = _delta.TryAdopt(columns, count, timestamp);
        if (isDone)
        {
            Observe(columns, 0, count, timestamp);
        }

        return isDone;
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
