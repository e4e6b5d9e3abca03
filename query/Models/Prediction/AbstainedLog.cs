using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The rows that contracts of precision left out, of the last queries of all sessions: stored at
/// once, whatever becomes of the statement, and there again when the database is opened. Any
/// thread may add.
/// </summary>
internal sealed class AbstainedLog(StorageEngine storage)
{
    /// <summary>The most rows that are kept; the oldest go first.</summary>
    public const int RowsMax = 100_000;

    private const int AttemptsMax = 8;

    private readonly Lock _gate = new();
    private Queue<(long Number, AbstainedRow Row)>? _rows;
    private long _numbers;
    private long _queries;

    /// <summary>The rows, the oldest first.</summary>
    public IReadOnlyList<AbstainedRow> Rows
    {
        get
        {
            lock (_gate)
            {
                return [.. Known().Select(static it => it.Row)];
            }
        }
    }

    /// <summary>The number of a query that left its first row out.</summary>
    public long NewQuery()
    {
        lock (_gate)
        {
            Known();
            return ++_queries;
        }
    }

    /// <summary>Keeps rows; the oldest ones go where there are too many.</summary>
    public void Add(IEnumerable<AbstainedRow> rows)
    {
        lock (_gate)
        {
            Queue<(long Number, AbstainedRow Row)> known = Known();
            var added = new List<(long Number, AbstainedRow Row)>();
            foreach (AbstainedRow row in rows)
            {
                added.Add((++_numbers, row));
                known.Enqueue(added[^1]);
            }

            var gone = new List<long>();
            while (known.Count > RowsMax)
            {
                gone.Add(known.Dequeue().Number);
            }

            Store(added.FindAll(it => gone.Count == 0 || it.Number > gone[^1]), gone);
        }
    }

    private Queue<(long Number, AbstainedRow Row)> Known()
    {
        if (_rows is null)
        {
            using StorageTransaction transaction = storage.Begin();
            _rows = new(ModelTables.AllRows(ModelTables.Abstained, transaction)
                .Select(static row => (row[0].AsInt64(), Read(row)))
                .OrderBy(static it => it.Item1));
            foreach ((long number, AbstainedRow row) in _rows)
            {
                _numbers = number;
                _queries = Math.Max(_queries, row.Query);
            }
        }

        return _rows;
    }

    private void Store(List<(long Number, AbstainedRow Row)> added, List<long> gone)
    {
        for (int attempt = 1; !storage.IsReadOnly; attempt++)
        {
            using StorageTransaction own = storage.Begin();
            var old = new List<long>();
            foreach (long number in gone)
            {
                if (ModelTables.Find(
                    ModelTables.Abstained, own, out long rowId, Value.Of(number)) is not null)
                {
                    old.Add(rowId);
                }
            }

            if (old.Count > 0)
            {
                own.Delete(ModelTables.Ensure(ModelTables.Abstained, own), [.. old]);
            }

            ModelTables.InsertAll(
                ModelTables.Abstained, own, [.. added.Select(it => Write(it.Number, it.Row))]);
            try
            {
                own.Commit(Durability.None);
                return;
            }
            catch (ConflictException) when (attempt < AttemptsMax)
            {
                // Another session made the tables of models at the same time.
            }
        }
    }

    private static Value[] Write(long number, AbstainedRow row) =>
    [
        Value.Of(number), Value.Of(row.Query), Value.Of(row.Model), Value.Of(row.Version),
        Value.Of(row.Target), Value.Of(row.Label), Value.Of(row.Probability),
        Value.Of(row.Threshold), Value.OfJson(row.Inputs), Value.OfTimestamp(row.Microseconds),
    ];

    private static AbstainedRow Read(Value[] row) => new(
        row[1].AsInt64(),
        row[2].AsText(),
        (int)row[3].AsInt64(),
        row[4].AsText(),
        row[5].AsText(),
        row[6].AsDouble(),
        row[7].AsDouble(),
        row[8].AsText(),
        row[9].AsInt64());
}
