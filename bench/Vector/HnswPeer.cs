using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>hnswlib, compiled for this processor.</summary>
internal sealed partial class HnswPeer(VectorMetric metric, int degree, int construction)
    : IAnnPeer
{
    private const string Library = "libhnswlib_shim.so";
    private static readonly int[] Widths =
        [
            10, 14, 20, 28, 32, 34, 36, 40, 56, 80, 110, 150, 200, 240, 280, 320, 400, 600, 900,
            1400, 2000, 3000, 5000,
        ];

    private nint _index;
    private long _count;
    private int _dimension;

    /// <inheritdoc/>
    public string Name => $"hnswlib 0.6.2 M={degree} efC={construction}";

    /// <inheritdoc/>
    public string Family => "hnswlib";

    /// <inheritdoc/>
    public int SettingCount => Widths.Length;

    /// <inheritdoc/>
    public double BytesPerVector =>
        ((double)Bytes(_index) / _count) - (_dimension * sizeof(float));

    /// <summary>Whether it is installed.</summary>
    public static bool IsPresent()
    {
        PeerLibrary.Register();
        return PeerLibrary.IsPresent(Library);
    }

    /// <inheritdoc/>
    public void Build(float[] vectors, int dimension)
    {
        _count = vectors.Length / dimension;
        _dimension = dimension;
        _index = New(dimension, metric == VectorMetric.L2 ? 0 : 1, _count, degree, construction);
        Add(_index, _count, vectors);
    }

    /// <inheritdoc/>
    public string Use(int setting)
    {
        SetWidth(_index, Widths[setting]);
        return $"ef={Widths[setting]}";
    }

    /// <inheritdoc/>
    public void Search(float[] query, long[] ids) => Search(_index, query, ids.Length, ids);

    /// <inheritdoc/>
    public void Dispose() => Free(_index);

    [LibraryImport(Library, EntryPoint = "hnsw_new")]
    private static partial nint New(
        int dimension, int innerProduct, long capacity, int degree, int construction);

    [LibraryImport(Library, EntryPoint = "hnsw_add")]
    private static partial void Add(nint index, long count, float[] vectors);

    [LibraryImport(Library, EntryPoint = "hnsw_width")]
    private static partial void SetWidth(nint index, int width);

    [LibraryImport(Library, EntryPoint = "hnsw_bytes")]
    private static partial long Bytes(nint index);

    [LibraryImport(Library, EntryPoint = "hnsw_search")]
    private static partial void Search(nint index, float[] query, long k, long[] labels);

    [LibraryImport(Library, EntryPoint = "hnsw_free")]
    private static partial void Free(nint index);
}
