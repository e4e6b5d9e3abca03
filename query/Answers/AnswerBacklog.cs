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
    private readonly List<RowBatch> _made = [];
    private AnswerBinding? _binding;
    private int _next;

    /// <summary>How many rows have values that are made and not stored.</summary>
    public int MadeCount { get; private set; }

    /// <summary>Whether somebody was in the way when they were to be stored.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>The last slice that made values.</summary>
    public PastSlice Making { get; set; }

    /// <summary>The last slice that stored some.</summary>
    public PastSlice Storing { get; set; }

    /// <summary>How the values are made, under the definitions of a snapshot.</summary>
    public AnswerBinding BindingFor(CatalogView catalog)
    {
        if (_binding is null || _binding.CatalogVersion != catalog.Version)
        {
            _binding = new AnswerBinding(table, column, catalog);
        }

        return _binding;
    }

    /// <summary>Keeps rows whose values are made until they are stored.</summary>
    public void Keep(RowBatch made)
    {
        _made.Add(made);
        MadeCount += made.Count;
    }

    /// <summary>The rows that were kept, in one batch.</summary>
    public RowBatch JoinMade()
    {
        Invariant.Check(_made.Count > 0);
        if (_made.Count > 1)
        {
            RowBatch joined = BatchJoiner.Join(_made);
            _made.Clear();
            _made.Add(joined);
        }

        return _made[0];
    }

    /// <summary>Forgets the rows that were kept: they are stored, or found again.</summary>
    public void DropMade()
    {
        _made.Clear();
        MadeCount = 0;
    }

    /// <summary>Whether it is of this column of this definition of the table.</summary>
    public bool IsOf(TableEntry other, AnswerColumn otherColumn) =>
        ReferenceEquals(table, other) && column == otherColumn;

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
        // What is made and not stored would be found once more.
        Invariant.Check(_next == _addresses.Count && MadeCount == 0);
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
