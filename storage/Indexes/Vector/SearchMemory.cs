using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The memory of one <see cref="VectorSearch"/> at a time: the forms of the query, the order of
/// lists, what scans leave. A thread keeps that of its last search for the next one, which then
/// allocates next to nothing.
/// </summary>
internal sealed class SearchMemory
{
    // What a search for very many rows has taken is not kept.
    private const int PendingMax = 1 << 16;

    [ThreadStatic]
    private static SearchMemory? _kept;

    private float[] _unit = [];

    /// <summary>The query as rows are compared with it.</summary>
    public VectorQuery Query { get; } = new();

    /// <summary>The query as a part sees it.</summary>
    public RotatedQuery Rotated { get; } = new();

    /// <summary>When the nearest rows were found.</summary>
    public ListProgress Progress { get; } = new();

    /// <summary>What single precision may have put in the wrong order.</summary>
    public NearTies Ties { get; } = new();

    /// <summary>The query as codes are compared with it.</summary>
    public FastScanQuery Tables { get; } = new();

    /// <summary>The order of lists.</summary>
    public VectorProbe Probe { get; } = new();

    /// <summary>What the scan of a list left.</summary>
    public ListSurvivors Survivors { get; } = new();

    /// <summary>What is to be compared exactly.</summary>
    public PendingCandidates Pending { get; } = new();

    /// <summary>Memory that nobody uses.</summary>
    public static SearchMemory Take()
    {
        SearchMemory memory = _kept ?? new SearchMemory();
        _kept = null;
        return memory;
    }

    /// <summary>Gives memory back.</summary>
    public static void Return(SearchMemory memory)
    {
        memory.Pending.Clear();
        memory.Ties.Clear();
        if (memory.Pending.Capacity <= PendingMax)
        {
            _kept = memory;
        }
    }

    /// <summary>Room for the query with length 1.</summary>
    public float[] Unit(int length) =>
        _unit = _unit.Length == length ? _unit : new float[length];
}
