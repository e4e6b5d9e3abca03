using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>USearch by its C interface, floats, compiled for this processor.</summary>
internal sealed partial class UsearchPeer(VectorMetric metric, int degree, int construction)
    : IAnnPeer
{
    private const string Library = "libusearch.so";
    private const int Float32 = 1;
    private const int InnerProduct = 2;
    private const int SquaredL2 = 3;

    private static readonly int[] Widths =
        [10, 14, 20, 28, 34, 40, 48, 56, 80, 110, 150, 200, 280, 400, 600, 900, 1400, 2000, 3000];

    private nint _index;
    private long _count;
    private int _dimension;
    private float[] _distances = [];

    /// <inheritdoc/>
    public string Name => $"USearch 2.26.2 M={degree} efC={construction}";

    /// <inheritdoc/>
    public string Family => "USearch";

    /// <inheritdoc/>
    public int SettingCount => Widths.Length;

    /// <inheritdoc/>
    public double BytesPerVector =>
        ((double)MemoryUsage(_index, out _) / _count) - (_dimension * sizeof(float));

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
        var options = new Options
        {
            Metric = metric == VectorMetric.L2 ? SquaredL2 : InnerProduct,
            Quantization = Float32,
            Dimensions = dimension,
            Connectivity = degree,
            ExpansionAdd = construction,
            ExpansionSearch = Widths[0],
        };
        _index = New(ref options, out nint error);
        Check(error);
        Reserve(_index, (nint)_count, out error);
        Check(error);
        for (long row = 0; row < _count; row++)
        {
            Add(_index, row, ref vectors[row * dimension], Float32, out error);
            Check(error);
        }
    }

    /// <inheritdoc/>
    public string Use(int setting)
    {
        SetWidth(_index, Widths[setting], out nint error);
        Check(error);
        return $"ef={Widths[setting]}";
    }

    /// <inheritdoc/>
    public void Search(float[] query, long[] ids)
    {
        if (_distances.Length < ids.Length)
        {
            _distances = new float[ids.Length];
        }

        nint found = Find(_index, query, Float32, ids.Length, ids, _distances, out nint error);
        Check(error);
        ids.AsSpan((int)found).Fill(-1);
    }

    /// <inheritdoc/>
    public void Dispose() => Free(_index, out _);

    private static void Check(nint error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException(Marshal.PtrToStringUTF8(error));
        }
    }

    [LibraryImport(Library, EntryPoint = "usearch_init")]
    private static partial nint New(ref Options options, out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_reserve")]
    private static partial void Reserve(nint index, nint capacity, out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_add")]
    private static partial void Add(
        nint index, long key, ref float vector, int kind, out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_change_expansion_search")]
    private static partial void SetWidth(nint index, nint width, out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_search")]
    private static partial nint Find(
        nint index, float[] query, int kind, nint count, long[] keys, float[] distances,
        out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_memory_usage")]
    private static partial nint MemoryUsage(nint index, out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_free")]
    private static partial void Free(nint index, out nint error);

    // The order and sizes of the C structure.
    [StructLayout(LayoutKind.Sequential)]
    private struct Options
    {
        public int Metric;
        public nint CustomMetric;
        public int Quantization;
        public nint Dimensions;
        public nint Connectivity;
        public nint ExpansionAdd;
        public nint ExpansionSearch;
        public byte IsMulti;
    }
}
