namespace NeuroDb.Tests.Simulation;

/// <summary>Which transaction must come before which; finds cycles.</summary>
internal sealed class DependencyGraph(int count)
{
    private readonly HashSet<int>[] _next =
        [.. Enumerable.Range(0, count).Select(static _ => new HashSet<int>())];

    /// <summary>Notes that one comes before another; itself is left out.</summary>
    public void Add(int from, int to)
    {
        if (from != to)
        {
            _next[from].Add(to);
        }
    }

    /// <summary>Takes the edges of another graph in.</summary>
    public void Add(DependencyGraph other)
    {
        for (int from = 0; from < count; from++)
        {
            _next[from].UnionWith(other._next[from]);
        }
    }

    /// <summary>Those that directly follow one.</summary>
    public IReadOnlyCollection<int> After(int from) => _next[from];

    /// <summary>The shortest way, both ends included; null if there is none.</summary>
    public List<int>? Path(int from, int to)
    {
        var before = new int[count];
        Array.Fill(before, -1);
        var queue = new Queue<int>([from]);
        while (queue.TryDequeue(out int at))
        {
            foreach (int next in _next[at])
            {
                if (next == to)
                {
                    var path = new List<int> { to };
                    for (int step = at; step != from; step = before[step])
                    {
                        path.Add(step);
                    }

                    path.Add(from);
                    path.Reverse();
                    return path;
                }

                if (before[next] < 0 && next != from)
                {
                    before[next] = at;
                    queue.Enqueue(next);
                }
            }
        }

        return null;
    }

    /// <summary>A cycle, its first one also last; null if there is none.</summary>
    public List<int>? Cycle()
    {
        // Who is left when all that nobody waits for have gone is on a cycle or behind one.
        var waits = new int[count];
        foreach (int to in _next.SelectMany(static set => set))
        {
            waits[to]++;
        }

        var free = new Queue<int>(Enumerable.Range(0, count).Where(i => waits[i] == 0));
        int gone = 0;
        while (free.TryDequeue(out int at))
        {
            gone++;
            foreach (int to in _next[at])
            {
                if (--waits[to] == 0)
                {
                    free.Enqueue(to);
                }
            }
        }

        if (gone == count)
        {
            return null;
        }

        return Enumerable.Range(0, count).Where(i => waits[i] > 0)
            .Select(i => Path(i, i)).FirstOrDefault(static path => path is not null);
    }
}
