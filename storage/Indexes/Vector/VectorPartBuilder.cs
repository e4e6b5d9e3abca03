using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Makes the <see cref="VectorPart"/> of some rows: k-means on a sample, every row to its nearest
/// centroid, a code for each row (inverted lists: Jegou, Douze and Schmid, Product Quantization for
/// Nearest Neighbor Search, TPAMI 2011, section 4; codes: see <see cref="ResidualCode"/>).
/// </summary>
/// <remarks>
/// The result depends on rows, options and machine, not on the number of threads. Memory: the
/// sample, and a few bytes a row.
/// </remarks>
internal sealed class VectorPartBuilder
{
    /// <summary>From this many rows on, lists are worth their training.</summary>
    public const int ListedRowsMin = 4096;

    /// <summary>Fewer rows are searched exactly as fast.</summary>
    public const int IndexedRowsMin = 1024;

    private const int SampleRowsPerList = 32;
    private const int IterationsMax = 5;
    private const float SizeRatioMax = 4;

    private readonly IWorkers _workers;
    private readonly VectorEncoder _encoder;
    private readonly VectorIndexOptions _options;
    private readonly CancellationToken _cancellation;

    private VectorPartBuilder(
        IWorkers workers, VectorRows rows, VectorIndexOptions options,
        CancellationToken cancellation)
    {
        _workers = workers;
        _encoder = new VectorEncoder(workers, rows, options, cancellation);
        _options = options;
        _cancellation = cancellation;
    }

    /// <summary>Makes the part, not calibrated yet.</summary>
    public static VectorPart Build(
        IWorkers workers, VectorRows rows, VectorIndexOptions options,
        CancellationToken cancellation) =>
        new VectorPartBuilder(workers, rows, options, cancellation).Build(rows.Count);

    /// <summary>How many lists so many rows get: about the root of the count.</summary>
    public static int ListCountOf(long rows) => rows < ListedRowsMin
        ? 1
        : (int)Math.Min(1 << 16, Math.Sqrt(rows) * 1.05);

    private VectorPart Build(int rowCount)
    {
        (int[] listed, int[] unlisted) = _encoder.Divide([.. Enumerable.Range(0, rowCount)]);
        int wanted = _options.ListCount > 0 ? _options.ListCount : ListCountOf(listed.Length);
        CentroidSet centroids = Train(listed, wanted);
        VectorAssignment assigned = _encoder.Assign(listed, centroids);
        var lists = new VectorList[centroids.Count];
        Memory<byte>[] blocks = _encoder.Allocate(
            [.. assigned.Members.Select(static list => list.Length)]);
        _workers.ForEach(lists.Length, i =>
        {
            _encoder.Fill(assigned, i, blocks[i].Span, 0);
            lists[i] = new VectorList(blocks[i], assigned.RowsOf(i));
        });
        return new VectorPart(
            _options.Metric, _encoder.Rotation, centroids, new VectorLists(lists), unlisted)
        {
            Origin = _encoder.Origin,
            Radius = (float)Math.Sqrt(assigned.SquaredSum / Math.Max(1, listed.Length)),
        };
    }

    private CentroidSet Train(int[] listed, int wanted)
    {
        int dimension = _encoder.Rotation.PaddedDimension;
        if (listed.Length == 0)
        {
            return new CentroidSet([], dimension);
        }

        int count = (int)Math.Min(
            listed.Length, (long)SampleRowsPerList * Math.Max(wanted, 16));
        var random = new SeededRandomSource(_options.Seed);
        var sample = new int[count];
        for (int i = 0; i < count; i++)
        {
            int begin = (int)((long)i * listed.Length / count);
            int end = (int)((i + 1L) * listed.Length / count);
            sample[i] = listed[begin + (int)(random.NextUInt64() % (ulong)(end - begin))];
        }

        var options = new KMeansOptions(wanted, _options.Seed)
        {
            IterationsMax = wanted == 1 ? 1 : IterationsMax,
            SampleRowsPerCluster = int.MaxValue,
            SizeRatioMax = wanted == 1 ? 0 : SizeRatioMax,
            IsRounded = true,
        };
        float[] rotated = _encoder.TakeRotated(sample);
        Center(rotated);
        return KMeans.Train(_workers, rotated, dimension, options, _cancellation);
    }

    /// <summary>
    /// Takes the mean of the sample as the origin. Distances stay what they are, and products with
    /// a query are all moved by one number.
    /// </summary>
    private void Center(float[] rotated)
    {
        int dimension = _encoder.Rotation.PaddedDimension;
        _encoder.Origin = VectorSum.Mean(rotated, dimension);
        for (int start = 0; start < rotated.Length; start += dimension)
        {
            Span<float> vector = rotated.AsSpan(start, dimension);
            VectorShift.Subtract(vector, _encoder.Origin, vector);
        }
    }
}
