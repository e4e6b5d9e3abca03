namespace NeuroDb.Storage;

/// <summary>
/// Which layouts the tables of a published state have. The newest generation is what the tables
/// say; a superseded one remembers the layouts that were replaced, and the generation after it. A
/// transaction pins the generation of its state, so that the files of its layouts stay.
/// Invariant: a generation is released when it is superseded, nobody pins it, and all before it
/// are released; so what only generations up to this one need can be deleted then.
/// </summary>
internal sealed class Generation
{
    // One pin for being the newest, one for the generation before.
    private long _pinCount;
    private Generation? _next;
    private IReadOnlyDictionary<VersionedTable, TableLayout>? _replaced;
    private Action? _released;

    /// <summary>The first generation of an opened database.</summary>
    public Generation()
        : this(1, 1)
    {
    }

    private Generation(long number, int pinCount)
    {
        Number = number;
        _pinCount = pinCount;
    }

    /// <summary>The number, from 1 at opening.</summary>
    public long Number { get; }

    /// <summary>Whether there is a newer generation.</summary>
    public bool IsSuperseded => Volatile.Read(ref _next) is not null;

    /// <summary>Whether nobody needs it or one before it any more.</summary>
    public bool IsReleased => Volatile.Read(ref _pinCount) == 0;

    /// <summary>
    /// Keeps the generation; false if it is released already and a newer one must be taken.
    /// </summary>
    public bool TryPin()
    {
        long count = Volatile.Read(ref _pinCount);
        while (count > 0)
        {
            long seen = Interlocked.CompareExchange(ref _pinCount, count + 1, count);
            if (seen == count)
            {
                return true;
            }

            count = seen;
        }

        return false;
    }

    /// <summary>Gives a pin back.</summary>
    public void Unpin()
    {
        Generation? generation = this;
        while (generation is not null && Interlocked.Decrement(ref generation._pinCount) == 0)
        {
            Invariant.Check(generation.IsSuperseded);
            generation._released?.Invoke();
            generation = generation._next;
        }
    }

    /// <summary>The layout of a table in this generation.</summary>
    public TableLayout LayoutOf(VersionedTable table)
    {
        // Read first: a table gets its new layout after the generation got its next one.
        TableLayout newest = table.Layout;
        Generation generation = this;
        while (Volatile.Read(ref generation._next) is { } next)
        {
            if (generation._replaced!.TryGetValue(table, out TableLayout? layout))
            {
                return layout;
            }

            generation = next;
        }

        return newest;
    }

    /// <summary>
    /// Makes the next generation, before tables get their new layouts; under the commit gate.
    /// </summary>
    /// <param name="replaced">The layouts that the tables have now and will not have then.</param>
    /// <param name="released">
    /// Called once, by whoever gives the last pin back, when this generation and all before it are
    /// released.
    /// </param>
    public Generation Supersede(
        IReadOnlyDictionary<VersionedTable, TableLayout> replaced, Action? released)
    {
        Invariant.Check(_next is null);
        var next = new Generation(Number + 1, 2);
        _replaced = replaced;
        _released = released;
        Volatile.Write(ref _next, next);
        return next;
    }
}
