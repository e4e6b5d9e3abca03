using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What work in the background knows of one column between its slices: where the rows lie whose
/// values are not made, read for many slices at once, and values that are made and wait for a
/// moment in which they can be stored. Nothing of it has to be right: a row that changed meanwhile
/// is not live any more, and what is forgotten is found again. For the thread of the work.
/// </summary>
internal sealed class AnswerBacklog(TableEntry table, AnswerColumn column)
{
    private const int AddressCountMax = 65_536;

    private readonly List<long> _addresses = [];
    private int _next;

    /// <summary>The values that are made and not stored, with their rows; null if none are.
    /// </summary>
    public RowBatch? Made { get; set; }

    /// <summary>The rows of the last slice; zero before the first.</summary>
    public int LastRowCount { get; private set; }

    /// <summary>How long the last slice took.</summary>
    public TimeSpan LastTook { get; private set; }

    /// <summary>Whether it is of this column of this definition of the table.</summary>
    public bool IsOf(TableEntry other, AnswerColumn otherColumn) =>
        ReferenceEquals(table, other) && column == otherColumn;

    /// <summary>Notes how long a slice took.</summary>
    public void Note(int rowCount, TimeSpan took)
    {
        if (rowCount > 0)
        {
            LastRowCount = rowCount;
            LastTook = took;
        }
    }

    /// <summary>The next rows that are still as they were found; fewer at the end.</summary>
    public List<long> Take(int count)
    {
        var taken = new List<long>(count);
        TableLayout layout = table.Rows.Layout;
        while (taken.Count < count && _next < _addresses.Count)
        {
            long address = _addresses[_next++];
            if (layout.IsLive(address))
            {
                taken.Add(address);
            }
        }

        return taken;
    }

    /// <summary>Looks for rows; false if all have their values or are left out.</summary>
    /// <param name="rows">The rows in a snapshot.</param>
    /// <param name="isLeftOut">Whether a row is left out.</param>
    /// <param name="anyLeftOut">Whether any row is.</param>
    public bool TryFind(AnswerRows rows, Predicate<long> isLeftOut, out bool anyLeftOut)
    {
        Invariant.Check(_next == _addresses.Count);
        _addresses.Clear();
        _next = 0;
        anyLeftOut = false;
        using BatchCursor cursor = rows.OpenPending();
        while (_addresses.Count < AddressCountMax && cursor.Next() is { } batch)
        {
            foreach (long address in ((ColumnBuffer<long>)batch.Columns[^1]).Values)
            {
                bool isOut = isLeftOut(address);
                anyLeftOut |= isOut;
                if (!isOut)
                {
                    _addresses.Add(address);
                }
            }
        }

        return _addresses.Count > 0;
    }
}
