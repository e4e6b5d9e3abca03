namespace NeuroDb.Storage;

/// <summary>
/// Which layouts the tables of a published state have. The newest generation is what the tables
/// say; a superseded one remembers the layouts that were replaced, and the generation after it. A
/// transaction pins the generation of its state, so that the files of its layouts stay; one that is
/// superseded and that nobody pins leaves the chain.
/// </summary>
internal sealed class Generation
{
    private static readonly IReadOnlyDictionary<VersionedTable, TableLayout> None =
        new Dictionary<VersionedTable, TableLayout>();

    private IReadOnlyDictionary<VersionedTable, TableLayout> _replaced = None;
    private Generation? _next;

    // One pin is for being the newest.
    private long _pinCount = 1;

    /// <summary>The first generation of an opened database.</summary>
    public Generation()
        : this(new GenerationChain(), 1)
    {
        Chain.Append(this, null);
    }

    private Generation(GenerationChain chain, long number)
    {
        Chain = chain;
        Number = number;
    }

    /// <summary>All generations that are needed.</summary>
    public GenerationChain Chain { get; }

    /// <summary>The number, from 1 at opening.</summary>
    public long Number { get; }

    /// <summary>The generation after this one, or null; written by the chain.</summary>
    public Generation? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>The generation before this one, or null; used by the chain.</summary>
    public Generation? Previous { get; set; }

    /// <summary>The layouts that tables have in this generation and not in the next.</summary>
    public IReadOnlyDictionary<VersionedTable, TableLayout> Replaced =>
        Volatile.Read(ref _replaced);

    /// <summary>
    /// Keeps the generation; false if it was given up already and a newer one must be taken.
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

    /// <summary>
    /// Gives the newest generation up, so that nobody can keep it any more; false if somebody keeps
    /// it, who may go on.
    /// </summary>
    public bool TryClose()
    {
        Invariant.Check(Next is null);
        return Interlocked.CompareExchange(ref _pinCount, 0, 1) == 1;
    }

    /// <summary>Gives a pin back.</summary>
    public void Unpin()
    {
        long left = Interlocked.Decrement(ref _pinCount);
        Invariant.Check(left >= 0);
        if (left == 0)
        {
            Invariant.Check(Next is not null);
            Chain.Remove(this);
        }
    }

    /// <summary>The layout of a table in this generation.</summary>
    public TableLayout LayoutOf(VersionedTable table)
    {
        // Read first: a table gets its new layout after the generation got its next one.
        TableLayout newest = table.Layout;
        Generation generation = this;
        while (generation.Next is { } next)
        {
            if (generation.Replaced.TryGetValue(table, out TableLayout? layout))
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
    public Generation Supersede(IReadOnlyDictionary<VersionedTable, TableLayout> replaced)
    {
        Invariant.Check(Next is null);
        var next = new Generation(Chain, Number + 1);
        Volatile.Write(ref _replaced, replaced);
        Chain.Append(next, this);
        return next;
    }

    /// <summary>
    /// Takes over the layouts that this generation reaches only through one that is taken out.
    /// </summary>
    public void Inherit(IReadOnlyDictionary<VersionedTable, TableLayout> replaced)
    {
        var all = new Dictionary<VersionedTable, TableLayout>(Replaced);
        foreach ((VersionedTable table, TableLayout layout) in replaced)
        {
            all.TryAdd(table, layout);
        }

        Volatile.Write(ref _replaced, all);
    }
}
