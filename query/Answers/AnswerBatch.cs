using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Makes the values of some rows of a column: reads them in a snapshot, asks the model, and stores
/// what has not changed meanwhile. Nobody waits while the model is asked and the rows are written
/// into the transaction, only for its commit.
/// </summary>
internal sealed class AnswerBatch(
    QueryEngine engine,
    AnswerWork work,
    SessionContexts contexts,
    CancellationToken cancellation)
{
    private const int RefusalsMax = 8;

    private readonly TimeProvider _clock = engine.Seams.Clock;
    private readonly List<RowBatch> _made = [];
    private int _refusals;

    /// <summary>
    /// What does not count as work of the last slice: waiting for users, and the first slice of a
    /// column, which loads the model.
    /// </summary>
    public TimeSpan Uncounted { get; private set; }

    /// <summary>Makes the values of the next rows.</summary>
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

        ExecutionContext context = contexts.Create(transaction, [], [], cancellation);
        var rows = new AnswerRows(table, column, context);
        AnswerBacklog backlog = work.BacklogOf(table, column);
        int count = 0;
        if (backlog.Made is null)
        {
            List<long> wanted = Next(backlog, rows, table, column, isBeside, out bool anyLeftOut);
            if (wanted.Count == 0)
            {
                return anyLeftOut
                    ? AnswerOutcome.Failed
                    : Complete(table, column, transaction.SnapshotTimestamp);
            }

            count = wanted.Count;
            _refusals = 0;
            _made.Clear();
            Make(rows, rows.Fetch(wanted), table, column);
            backlog.Made = _made.Count == 0 ? null : BatchJoiner.Join(_made);
        }

        AnswerOutcome outcome = backlog.Made is { } made
            ? Store(rows, made, table, transaction)
            : AnswerOutcome.Working;
        backlog.Made = outcome == AnswerOutcome.Blocked ? backlog.Made : null;
        TimeSpan took = _clock.GetElapsedTime(start) - Uncounted;
        Uncounted += backlog.LastRowCount == 0 ? took : TimeSpan.Zero;
        backlog.Note(count, took);
        return outcome;
    }

    private List<long> Next(
        AnswerBacklog backlog,
        AnswerRows rows,
        TableEntry table,
        AnswerColumn column,
        bool isBeside,
        out bool anyLeftOut)
    {
        int count = WorkPace.NextRowCount(backlog.LastRowCount, backlog.LastTook, isBeside);
        anyLeftOut = false;
        List<long> wanted = backlog.Take(count);
        while (wanted.Count == 0 && backlog.TryFind(
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
        long start = _clock.GetTimestamp();
        engine.Storage.WaitForMemory(cancellation);
        Uncounted += _clock.GetElapsedTime(start);
        try
        {
            int[] live = Live(made, table);
            if (live.Length == 0)
            {
                return AnswerOutcome.Working;
            }

            rows.Store(live.Length == made.Count ? made : made.Gather(live));
            start = _clock.GetTimestamp();
            bool isClosed = work.Gate.TryClose(withLoads: false);
            Uncounted += _clock.GetElapsedTime(start);
            if (!isClosed)
            {
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
        catch (ConflictException)
        {
            // Who was first changed a row after it was looked at; the others are found again.
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
