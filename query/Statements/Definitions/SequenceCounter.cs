using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The numbers of one sequence that are reserved but not given yet. The row of the sequence holds
/// the last reserved one; it is written ahead, in a transaction of its own, so that a number that
/// was given never comes again, whatever becomes of the transaction that took it. After a crash the
/// rest of a reservation is skipped. Shared by all sessions.
/// </summary>
internal sealed class SequenceCounter(StorageEngine storage, TableEntry table)
{
    private const int ReservationCount = 32;
    private readonly object _gate = new();
    private long? _last;
    private int _left;

    /// <summary>The next number.</summary>
    public long Next(string name, SequenceOptions options)
    {
        lock (_gate)
        {
            if (_left == 0)
            {
                Reserve(name, options);
            }

            _left--;
            _last = After(_last, name, options);
            return _last.Value;
        }
    }

    /// <summary>Lets the sequence go on behind a number; null begins again.</summary>
    public void Set(long? last)
    {
        lock (_gate)
        {
            using StorageTransaction transaction = storage.Begin();
            Write(transaction, table, last);
            transaction.Commit(Durability.None);
            _left = 0;
            _last = last;
        }
    }

    /// <summary>Gives reserved numbers back when the database is closed in order.</summary>
    public void GiveBack()
    {
        lock (_gate)
        {
            using StorageTransaction transaction = storage.Begin();
            if (_left > 0 && transaction.Catalog.Contains(table))
            {
                Write(transaction, table, _last);
                transaction.Commit(Durability.None);
            }

            _left = 0;
        }
    }

    /// <summary>The number behind another; null is before the first.</summary>
    public static long After(long? last, string name, SequenceOptions options)
    {
        if (last is not long known)
        {
            return options.First;
        }

        Int128 next = (Int128)known + options.Step;
        bool isOver = next > options.Most || next < options.Least;
        if (isOver && !options.IsCycle)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"The sequence {name} has no number left: the last was {known}.");
        }

        return !isOver ? (long)next : options.Step > 0 ? options.Least : options.Most;
    }

    /// <summary>The last number in the row of a sequence; null if none was given.</summary>
    public static long? Read(StorageTransaction transaction, TableEntry table, out long rowId)
    {
        TableSnapshot snapshot = transaction.Open(table);
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            TableSlice slice = snapshot.Slice(i);
            for (int row = 0; row < slice.Count; row++)
            {
                if (slice.IsVisible(row))
                {
                    rowId = slice.AddressOf(row).RowId;
                    Value value = slice.Column(0).GetValue(row);
                    return value.IsNull ? null : value.AsInt64();
                }
            }
        }

        throw Lost(table.Schema.Name);
    }

    /// <summary>Only a salvage leaves a sequence without its number.</summary>
    public static NeuroStoreException Lost(string name) => new(
        ErrorCode.Corruption,
        $"The last number of {name} was lost with damage of an earlier database. Drop the "
        + "sequence and create it again, with a START behind the numbers that are in use.");

    /// <summary>Writes the row of a sequence.</summary>
    public static void Write(StorageTransaction transaction, TableEntry table, long? last)
    {
        Read(transaction, table, out long rowId);
        transaction.Update(table, [rowId], RowOf(last));
    }

    /// <summary>The row that says which number was the last.</summary>
    public static RowBatch RowOf(long? last) => new(
        [ColumnBuffer.Constant(
            DataType.BigInt, last is long value ? Value.Of(value) : Value.Null, 1)],
        1);

    private void Reserve(string name, SequenceOptions options)
    {
        storage.CheckWritable();
        using StorageTransaction transaction = storage.Begin();
        long? last = Read(transaction, table, out _);
        long? end = After(last, name, options);
        int count = 1;
        while (count < ReservationCount)
        {
            Int128 next = (Int128)end.Value + options.Step;
            if (next > options.Most || next < options.Least)
            {
                break;
            }

            end = (long)next;
            count++;
        }

        Write(transaction, table, end);
        transaction.Commit(Durability.None);
        _last = last;
        _left = count;
    }
}
