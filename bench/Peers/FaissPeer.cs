using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>faiss IndexFlatL2, as Debian builds it.</summary>
internal sealed partial class FaissPeer : IVectorPeer
{
    private const string Library = "libfaiss_shim.so";
    private readonly int _threads;
    private nint _index;

    private FaissPeer(int threads) => _threads = threads;

    /// <inheritdoc/>
    public string Name => "faiss Flat 1.7.3 (Debian)";

    /// <summary>The peer, or null where it is not installed.</summary>
    public static IVectorPeer? TryCreate(int threads)
    {
        PeerLibrary.Register();
        return PeerLibrary.IsPresent(Library) ? new FaissPeer(threads) : null;
    }

    /// <inheritdoc/>
    public void Load(float[] vectors, int dimension)
    {
        SetThreads(_threads);
        _index = New(dimension, 0);
        Add(_index, vectors.Length / dimension, vectors);
    }

    /// <inheritdoc/>
    public long[] Search(float[] query, int k)
    {
        var distances = new float[k];
        var labels = new long[k];
        Search(_index, 1, query, k, distances, labels);
        return labels;
    }

    /// <inheritdoc/>
    public void Dispose() => Free(_index);

    [LibraryImport(Library, EntryPoint = "faiss_flat_new")]
    private static partial nint New(int dimension, int innerProduct);

    [LibraryImport(Library, EntryPoint = "faiss_flat_add")]
    private static partial void Add(nint index, long count, float[] vectors);

    [LibraryImport(Library, EntryPoint = "faiss_flat_search")]
    private static partial void Search(
        nint index, long queries, float[] vectors, long k, float[] distances, long[] labels);

    [LibraryImport(Library, EntryPoint = "faiss_flat_free")]
    private static partial void Free(nint index);

    [LibraryImport(Library, EntryPoint = "faiss_threads")]
    private static partial void SetThreads(int count);
}
