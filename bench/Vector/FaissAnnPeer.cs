using System.Globalization;
using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>An index of faiss by its factory string, with one swept parameter or two.</summary>
internal sealed partial class FaissAnnPeer(
    VectorMetric metric, string factory, string family, (string Name, double Value)[][] settings)
    : IAnnPeer
{
    private const string Library = "libfaiss_shim.so";
    private nint _index;
    private float[] _distances = [];
    private double _bytes;

    /// <inheritdoc/>
    public string Name => $"faiss 1.7.3 {factory}";

    /// <inheritdoc/>
    public string Family => family;

    /// <inheritdoc/>
    public int SettingCount => settings.Length;

    /// <inheritdoc/>
    public double BytesPerVector => _bytes;

    /// <summary>Whether it is installed.</summary>
    public static bool IsPresent()
    {
        PeerLibrary.Register();
        return PeerLibrary.IsPresent(Library);
    }

    /// <summary>HNSW, whose parameter is the width of the search.</summary>
    public static FaissAnnPeer Hnsw(VectorMetric metric) => new(
        metric,
        "HNSW16",
        "faiss HNSW",
        [.. new double[] { 16, 24, 32, 48, 64, 96, 128, 192, 256, 400, 600, 1000 }
            .Select(static width => new (string, double)[] { ("efSearch", width) })]);

    /// <summary>Lists of product codes scanned in registers, with exact re-ranking.</summary>
    public static FaissAnnPeer FastScan(VectorMetric metric, int dimension, int lists)
    {
        var settings = new List<(string, double)[]>();
        foreach (int probes in new[] { 4, 8, 12, 20, 32, 64, 128 })
        {
            foreach (int refined in new[] { 4, 8, 16, 32 })
            {
                settings.Add([("nprobe", probes), ("k_factor_rf", refined)]);
            }
        }

        int codes = dimension % 4 == 0 ? dimension / 4 : dimension / 2;
        return new(
            metric, $"IVF{lists},PQ{codes}x4fs,RFlat", "faiss IVF-PQ-FastScan", [.. settings]);
    }

    /// <inheritdoc/>
    public void Build(float[] vectors, int dimension)
    {
        SetThreads(1);
        long before = ProcessMemory.ResidentBytes();
        _index = New(dimension, factory, metric == VectorMetric.L2 ? 0 : 1);
        Build(_index, vectors.Length / dimension, vectors);
        _bytes = ((ProcessMemory.ResidentBytes() - before) * (double)dimension / vectors.Length)
            - (dimension * sizeof(float));
    }

    /// <inheritdoc/>
    public string Use(int setting)
    {
        foreach ((string name, double value) in settings[setting])
        {
            Set(_index, name, value);
        }

        return string.Join(' ', settings[setting].Select(static pair =>
            $"{pair.Name}={pair.Value.ToString(CultureInfo.InvariantCulture)}"));
    }

    /// <inheritdoc/>
    public void Search(float[] query, long[] ids)
    {
        if (_distances.Length < ids.Length)
        {
            _distances = new float[ids.Length];
        }

        Search(_index, 1, query, ids.Length, _distances, ids);
    }

    /// <inheritdoc/>
    public void Dispose() => Free(_index);

    [LibraryImport(Library, EntryPoint = "faiss_new", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint New(int dimension, string description, int innerProduct);

    [LibraryImport(Library, EntryPoint = "faiss_build")]
    private static partial void Build(nint index, long count, float[] vectors);

    [LibraryImport(Library, EntryPoint = "faiss_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void Set(nint index, string name, double value);

    [LibraryImport(Library, EntryPoint = "faiss_flat_search")]
    private static partial void Search(
        nint index, long queries, float[] vectors, long k, float[] distances, long[] labels);

    [LibraryImport(Library, EntryPoint = "faiss_flat_free")]
    private static partial void Free(nint index);

    [LibraryImport(Library, EntryPoint = "faiss_threads")]
    private static partial void SetThreads(int count);
}
