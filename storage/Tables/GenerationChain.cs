namespace NeuroDb.Storage;

/// <summary>
/// The generations that somebody still needs, oldest first. When one in the middle is given up, the
/// one before it takes over the layouts that it still reaches through it, and all others can go: a
/// reader keeps what it sees, and nothing that came and went after it began.
/// </summary>
internal sealed class GenerationChain
{
    private readonly object _gate = new();
    private Generation? _oldest;
    private Action? _changed;

    /// <summary>The number of the oldest generation that is needed.</summary>
    public long OldestNumber
    {
        get
        {
            lock (_gate)
            {
                return _oldest!.Number;
            }
        }
    }

    /// <summary>The numbers of the generations that are needed, the oldest first.</summary>
    public IReadOnlyList<long> Numbers()
    {
        lock (_gate)
        {
            var numbers = new List<long>();
            for (Generation? at = _oldest; at is not null; at = at.Next)
            {
                numbers.Add(at.Number);
            }

            return numbers;
        }
    }

    /// <summary>
    /// Has an action called after generations were given up, on the thread that gave the last pin
    /// back and under no lock of the chain.
    /// </summary>
    public void OnChange(Action changed)
    {
        Invariant.Check(_changed is null);
        Volatile.Write(ref _changed, changed);
    }

    /// <summary>The layouts that were replaced and that a generation still reaches.</summary>
    public IReadOnlyList<TableLayout> ReplacedLayouts()
    {
        lock (_gate)
        {
            var layouts = new List<TableLayout>();
            for (Generation? at = _oldest; at is not null; at = at.Next)
            {
                layouts.AddRange(at.Replaced.Values);
            }

            return layouts;
        }
    }

    /// <summary>Adds a generation behind all others.</summary>
    public void Append(Generation generation, Generation? last)
    {
        lock (_gate)
        {
            if (last is null)
            {
                Invariant.Check(_oldest is null);
                _oldest = generation;
                return;
            }

            generation.Previous = last;
            last.Next = generation;
        }
    }

    /// <summary>Takes out a generation that is superseded and not pinned any more.</summary>
    public void Remove(Generation generation)
    {
        lock (_gate)
        {
            Generation next = generation.Next!;
            Generation? previous = generation.Previous;
            next.Previous = previous;
            if (previous is null)
            {
                _oldest = next;
            }
            else
            {
                // In this order: who goes on from the one before finds every layout, whether it
                // still walks over the generation that is taken out or not.
                previous.Inherit(generation.Replaced);
                previous.Next = next;
            }
        }

        Volatile.Read(ref _changed)?.Invoke();
    }
}
