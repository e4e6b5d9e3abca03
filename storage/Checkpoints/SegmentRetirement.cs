namespace NeuroDb.Storage;

/// <summary>
/// Closes and removes segments that no layout has any more, as soon as no reader reaches them
/// through an older generation. Safe for many threads.
/// </summary>
internal sealed class SegmentRetirement(
    SegmentStore store, FileReclaimer reclaimer, GenerationChain chain)
{
    private readonly object _gate = new();
    private readonly List<Waiting> _waiting = [];

    /// <summary>Adds segments that the newest layouts do not have.</summary>
    /// <param name="segmentIds">The segments; those that wait already are not added again.</param>
    /// <param name="replaced">The segments of all layouts that were replaced or dropped.</param>
    /// <param name="generation">The last generation that may reach them.</param>
    public void Add(
        IReadOnlyList<long> segmentIds, IReadOnlySet<long> replaced, long generation)
    {
        lock (_gate)
        {
            foreach (long id in segmentIds)
            {
                if (_waiting.TrueForAll(known => known.SegmentId != id))
                {
                    _waiting.Add(new Waiting(id, generation, replaced.Contains(id)));
                }
            }
        }
    }

    /// <summary>Closes and removes what nobody reaches.</summary>
    public void Run()
    {
        IReadOnlyList<string> paths;
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            HashSet<long> reached = Reached();
            long oldest = chain.OldestNumber;
            long[] ids = [.. _waiting
                .Where(known => known.IsInLayouts
                    ? !reached.Contains(known.SegmentId)
                    : oldest > known.Generation)
                .Select(static known => known.SegmentId)];
            _waiting.RemoveAll(known => ids.Contains(known.SegmentId));
            paths = store.Retire(ids);
        }

        reclaimer.Delete(paths);
    }

    private HashSet<long> Reached() => [.. chain.ReplacedLayouts()
        .SelectMany(static layout => layout.Parts.ToArray())
        .OfType<SealedRows>()
        .Select(static rows => rows.File.Identity.SegmentId)];

    // A segment of a table that was made and dropped between two checkpoints is in no layout that
    // was replaced: it waits for all readers of its time.
    private readonly record struct Waiting(long SegmentId, long Generation, bool IsInLayouts);
}
