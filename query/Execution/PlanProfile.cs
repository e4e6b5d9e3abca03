using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>What EXPLAIN ANALYZE measures of one execution, by operator.</summary>
internal sealed class PlanProfile(TimeProvider clock)
{
    private readonly Dictionary<PlanNode, NodeProfile> _nodes =
        new(ReferenceEqualityComparer.Instance);

    private readonly Dictionary<ChangeLookup, LookupProfile> _lookups = [];

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; } = clock;

    /// <summary>What was measured of an operator; null if it was never run.</summary>
    public NodeProfile? Find(PlanNode node)
    {
        lock (_nodes)
        {
            return _nodes.GetValueOrDefault(node);
        }
    }

    /// <summary>What was measured of a look-up of a change; null if it was never made.</summary>
    public LookupProfile? Find(ChangeLookup lookup) =>
        _lookups.TryGetValue(lookup, out LookupProfile found) ? found : null;

    /// <summary>Adds a look-up that a change made; of the thread of the statement.</summary>
    /// <param name="lookup">The look-up.</param>
    /// <param name="keys">How many keys were looked up together.</param>
    /// <param name="rows">How many rows were found.</param>
    /// <param name="how">By what, where the number of keys decides it.</param>
    public void Note(ChangeLookup lookup, int keys, int rows, string how = "")
    {
        LookupProfile known = _lookups.GetValueOrDefault(lookup);
        _lookups[lookup] = new LookupProfile(known.Keys + keys, known.Rows + rows, how);
    }

    /// <summary>
    /// Adds what a search through an index of vectors did since a timestamp; also one that was
    /// done for an operator before it is started.
    /// </summary>
    public void NoteSearch(PlanNode node, VectorSearchStatistics done, long start)
    {
        done.Elapsed = Clock.GetElapsedTime(start);
        lock (_nodes)
        {
            NodeProfile profile = FindOrAdd(node);
            profile.VectorSearch = done.Plus(profile.VectorSearch ?? default);
        }
    }

    /// <summary>Starts an operator under measurement.</summary>
    public BatchCursor Open(PlanNode node, ExecutionContext context)
    {
        NodeProfile profile = Begin(node);
        return profile.Measure(Clock, () => new ProfiledCursor(
            node.OpenUnmeasured(context), profile, Clock));
    }

    /// <summary>Puts an operator that several threads run under measurement.</summary>
    public Pipeline Open(PlanNode node, Pipeline pipeline) =>
        new ProfiledPipeline(pipeline, Begin(node), Clock);

    /// <summary>
    /// Forgets what was measured of a plan, which is run again from its beginning; what is computed
    /// only once stays.
    /// </summary>
    public void Forget(PlanNode node)
    {
        lock (_nodes)
        {
            _ = _nodes.Remove(node);
        }

        foreach (PlanNode child in node is SharedRows ? [] : node.Children)
        {
            Forget(child);
        }
    }

    private NodeProfile Begin(PlanNode node)
    {
        lock (_nodes)
        {
            NodeProfile known = FindOrAdd(node);
            known.Starts++;
            return known;
        }
    }

    private NodeProfile FindOrAdd(PlanNode node)
    {
        if (!_nodes.TryGetValue(node, out NodeProfile? known))
        {
            known = new NodeProfile();
            _nodes.Add(node, known);
        }

        return known;
    }
}
