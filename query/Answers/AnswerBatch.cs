using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Makes the values of some rows of a column: reads them in a snapshot, asks the model, and stores
/// what has not changed meanwhile. The model is asked while nobody waits.
/// </summary>
internal sealed class AnswerBatch(
    QueryEngine engine,
    AnswerWork work,
    SessionContexts contexts,
    CancellationToken cancellation)
{
    private const int RowCountMax = 256;

    private const int RefusalsMax = 8;

    private readonly List<RowBatch> _made = [];
    private int _refusals;

    /// <summary>Makes the values of the next rows.</summary>
    public AnswerOutcome Run(string name, int ordinal)
    {
        cancellation.ThrowIfCancellationRequested();
        using StorageTransaction transaction = engine.Storage.Begin();
        if (!transaction.Catalog.TryGetTable(name, out TableEntry table)
            || ordinal >= table.Schema.Columns.Count
            || AnswerColumns.Find(table.Schema, ordinal) is not { Note: >= 0 } column
            || (!column.IsNext && work.IsComplete(table, ordinal)))
        {
            return AnswerOutcome.Complete;
        }

        ExecutionContext context = contexts.Create(transaction, [], [], cancellation);
        var rows = new AnswerRows(table, column, context);
        if (ReadPending(rows, table, column, out bool anyLeftOut) is not { } pending)
        {
            if (anyLeftOut)
            {
                return AnswerOutcome.Failed;
            }

            work.Problems.Clear(table.Id, ordinal);
            work.NoteComplete(table, ordinal, transaction.SnapshotTimestamp);
            return column.IsNext ? Switch(name, ordinal) : AnswerOutcome.Complete;
        }

        _refusals = 0;
        _made.Clear();
        Make(rows, pending, table, column);
        return _made.Count == 0
            ? AnswerOutcome.Working
            : Store(rows, BatchJoiner.Join(_made), table, transaction);
    }

    private RowBatch? ReadPending(
        AnswerRows rows, TableEntry table, AnswerColumn column, out bool anyLeftOut)
    {
        anyLeftOut = false;
        using BatchCursor cursor = rows.OpenPending();
        while (cursor.Next() is { } batch)
        {
            var wanted = new List<long>();
            ReadOnlySpan<long> addresses = ((ColumnBuffer<long>)batch.Columns[^1]).Values;
            for (int i = 0; i < batch.Count && wanted.Count < RowCountMax; i++)
            {
                bool isLeftOut = work.Problems.IsLeftOut(table.Id, column.Ordinal, addresses[i]);
                anyLeftOut |= isLeftOut;
                if (!isLeftOut)
                {
                    wanted.Add(addresses[i]);
                }
            }

            if (wanted.Count > 0)
            {
                return rows.Fetch(wanted);
            }
        }

        return null;
    }

    // One row that the model cannot take keeps no other from its value; but where many cannot be
    // taken, something else is wrong.
    private void Make(
        AnswerRows rows, RowBatch pending, TableEntry table, AnswerColumn column)
    {
        try
        {
            _made.Add(rows.Make(pending));
        }
        catch (NeuroStoreException failure)
            when (failure.Code != ErrorCode.Cancelled && _refusals < RefusalsMax)
        {
            work.Problems.Add(table.Id, column.Ordinal, failure.Message);
            if (pending.Count == 1)
            {
                _refusals++;
                long address = ((ColumnBuffer<long>)pending.Columns[^1]).Values[0];
                work.Problems.LeaveOut(table.Id, column.Ordinal, address);
                return;
            }

            int half = pending.Count / 2;
            Make(rows, pending.Gather([.. Enumerable.Range(0, half)]), table, column);
            Make(
                rows,
                pending.Gather([.. Enumerable.Range(half, pending.Count - half)]),
                table,
                column);
        }
    }

    private AnswerOutcome Store(
        AnswerRows rows, RowBatch made, TableEntry table, StorageTransaction transaction)
    {
        engine.Storage.WaitForMemory(cancellation);
        if (!work.Gate.TryClose(withLoads: false))
        {
            return AnswerOutcome.Blocked;
        }

        try
        {
            int[] live = Live(made, table);
            if (live.Length > 0)
            {
                rows.Store(live.Length == made.Count ? made : made.Gather(live));
                transaction.Commit(Durability.None, CancellationToken.None);
            }
        }
        catch (ConflictException)
        {
            // Who did not come through the gate was first; the rows are read again.
        }
        finally
        {
            work.Gate.Open();
        }

        return AnswerOutcome.Working;
    }

    private static int[] Live(RowBatch made, TableEntry table)
    {
        ReadOnlySpan<long> addresses = ((ColumnBuffer<long>)made.Columns[^1]).Values;
        TableLayout layout = table.Rows.Layout;
        var live = new List<int>(made.Count);
        for (int i = 0; i < made.Count; i++)
        {
            if (layout.IsLive(addresses[i]))
            {
                live.Add(i);
            }
        }

        return [.. live];
    }

    private AnswerOutcome Switch(string name, int ordinal)
    {
        if (!work.Gate.TryClose(withLoads: true))
        {
            return AnswerOutcome.Blocked;
        }

        try
        {
            using StorageTransaction transaction = engine.Storage.Begin();
            if (!transaction.Catalog.TryGetTable(name, out TableEntry table)
                || ordinal >= table.Schema.Columns.Count
                || AnswerColumns.Find(table.Schema, ordinal) is not { IsNext: true } column)
            {
                return AnswerOutcome.Complete;
            }

            ExecutionContext context = contexts.Create(transaction, [], [], cancellation);
            if (AnswerRows.Count(table, column, context, 1).Count > 0)
            {
                return AnswerOutcome.Working;
            }

            transaction.GuardRows(table);
            AnswerSwitch.Run(table, column, transaction);
            transaction.Commit(Durability.None, CancellationToken.None);
            return AnswerOutcome.Complete;
        }
        catch (ConflictException)
        {
            return AnswerOutcome.Working;
        }
        finally
        {
            work.Gate.Open();
        }
    }
}
