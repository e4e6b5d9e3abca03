using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// A slice of work on a column: it reads some rows in a snapshot and asks the model, or stores what
/// several such slices made and nobody changed meanwhile; alone it does both at once. Nobody waits
/// while the model is asked and the rows are written into the transaction, only for its commit.
/// </summary>
internal sealed class AnswerBatch(
    QueryEngine engine,
    AnswerWork work,
    SessionContexts contexts,
    CancellationToken cancellation)
{
    private const int RefusalsMax = 8;

    private readonly TimeProvider _clock = engine.Seams.Clock;
    private int _refusals;

    /// <summary>
    /// What does not count as work of the last slice: waiting for users, and the first slice of a
    /// column, which loads the model.
    /// </summary>
    public TimeSpan Uncounted { get; private set; }

    /// <summary>Makes the values of the next rows, or stores what is made.</summary>
    /// <param name="name">The table.</param>
    /// <param name="ordinal">The column.</param>
    /// <param name="isBeside">Whether users run statements.</param>
    public AnswerOutcome Run(string name, int ordinal, bool isBeside)
    {
        cancellation.ThrowIfCancellationRequested();
        Uncounted = TimeSpan.Zero;
        long start = _clock.GetTimestamp();
        using StorageTransaction transaction = engine.Storage.Begin();
        if (!transaction.Catalog.TryGetTable(name, out TableEntry table)
            || ordinal >= table.Schema.Columns.Count
            || AnswerColumns.Find(table.Schema, ordinal) is not { Note: >= 0 } column
            || (!column.IsNext && work.IsComplete(table, ordinal)))
        {
            return AnswerOutcome.Complete;
        }

        AnswerBacklog backlog = work.BacklogOf(table, column);
        var rows = new AnswerRows(
            table,
            column,
            backlog.BindingFor(transaction.Catalog),
            contexts.Create(transaction, [], [], cancellation));
        bool isStoring = backlog.IsBlocked || (backlog.MadeCount > 0
            && backlog.MadeCount >= work.Pace.NextStoredCount(backlog.Storing, isBeside));
        if (!isStoring)
        {
            List<long> wanted = Next(backlog, rows, table, column, isBeside, out bool anyLeftOut);
            if (wanted.Count == 0 && backlog.MadeCount == 0)
            {
                return anyLeftOut
                    ? AnswerOutcome.Failed
                    : Complete(table, column, transaction.SnapshotTimestamp);
            }

            isStoring = !isBeside || wanted.Count == 0;
            if (wanted.Count > 0)
            {
                _refusals = 0;
                Make(rows, rows.Fetch(wanted), table, column, backlog);
                Note(backlog, wanted.Count, _clock.GetElapsedTime(start));
            }
        }

        return isStoring && backlog.MadeCount > 0
            ? Store(rows, backlog, table, transaction) : AnswerOutcome.Working;
    }

    private void Note(AnswerBacklog backlog, int count, TimeSpan took)
    {
        Uncounted += backlog.Making.RowCount == 0 ? took : TimeSpan.Zero;
        backlog.Making = new PastSlice(count, took);
    }

    // Looks for rows only when those that were found before are stored.
    private List<long> Next(
        AnswerBacklog backlog,
        AnswerRows rows,
        TableEntry table,
        AnswerColumn column,
        bool isBeside,
        out bool anyLeftOut)
    {
        int count = work.Pace.NextRowCount(backlog.Making, isBeside);
        anyLeftOut = false;
        List<long> wanted = backlog.Take(count);
        while (wanted.Count == 0 && backlog.MadeCount == 0 && backlog.TryFind(
            rows,
            address => work.Problems.IsLeftOut(table.Id, column.Ordinal, address),
            out anyLeftOut))
        {
            wanted = backlog.Take(count);
            cancellation.ThrowIfCancellationRequested();
        }

        return wanted;
    }

    private AnswerOutcome Complete(TableEntry table, AnswerColumn column, long timestamp)
    {
        work.Problems.Clear(table.Id, column.Ordinal);
        work.NoteComplete(table, column.Ordinal, timestamp);
        return column.IsNext
            ? Switch(table.Schema.Name, column.Ordinal)
            : AnswerOutcome.Complete;
    }

    // One row that the model cannot take keeps no other from its value; but where many cannot be
    // taken, something else is wrong.
    private void Make(
        AnswerRows rows,
        RowBatch pending,
        TableEntry table,
        AnswerColumn column,
        AnswerBacklog backlog)
    {
        try
        {
            backlog.Keep(rows.Make(pending));
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
            Make(rows, pending.Gather([.. Enumerable.Range(0, half)]), table, column, backlog);
            Make(
                rows,
                pending.Gather([.. Enumerable.Range(half, pending.Count - half)]),
                table,
                column,
                backlog);
        }
    }

    private AnswerOutcome Store(
        AnswerRows rows,
        AnswerBacklog backlog,
        TableEntry table,
        StorageTransaction transaction)
    {
        long start = _clock.GetTimestamp();
        engine.Storage.WaitForMemory(cancellation);
        TimeSpan waited = _clock.GetElapsedTime(start);
        RowBatch made = backlog.JoinMade();
        try
        {
            int[] live = Live(made, table);
            if (live.Length > 0)
            {
                rows.Store(live.Length == made.Count ? made : made.Gather(live));
                long closing = _clock.GetTimestamp();
                backlog.IsBlocked = !work.Gate.TryClose(withLoads: false);
                waited += _clock.GetElapsedTime(closing);
                if (backlog.IsBlocked)
                {
                    Uncounted += waited;
                    return AnswerOutcome.Blocked;
                }

                try
                {
                    transaction.Commit(Durability.None, CancellationToken.None);
                }
                finally
                {
                    work.Gate.Open();
                }
            }
        }
        catch (ConflictException)
        {
            // Who was first changed a row after it was looked at; the others are found again.
        }

        backlog.IsBlocked = false;
        backlog.DropMade();
        backlog.Storing = new PastSlice(made.Count, _clock.GetElapsedTime(start) - waited);
        Uncounted += waited;
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
