using System.Buffers;
using System.Runtime.InteropServices;
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

    private const int PieceRows = 512;
    private const int SampleRowsPerList = 64;
    private const int IterationsMax = 6;
    private const float SizeRatioMax = 4;
    private const int OnePieceSizeBytesMax = 1 << 30;

    // The lengths of longer vectors overflow single precision when they are squared and added.
    private const float SquaredNormMax = float.MaxValue / 64;

    private readonly IWorkers _workers;
    private readonly VectorRows _rows;
    private readonly VectorIndexOptions _options;
    private readonly CancellationToken _cancellation;

    private VectorPartBuilder(
        IWorkers workers, VectorRows rows, VectorIndexOptions options,
        CancellationToken cancellation)
    {
        _workers = workers;
        _rows = rows;
        _options = options;
        _cancellation = cancellation;
    }

    /// <summary>Makes the part, not calibrated yet.</summary>
    public static VectorPart Build(
        IWorkers workers, VectorRows rows, VectorIndexOptions options,
        CancellationToken cancellation) =>
        new VectorPartBuilder(workers, rows, options, cancellation).Build();

    /// <summary>How many lists so many rows get: about the root of the count.</summary>
    public static int ListCountOf(long rows) => rows < ListedRowsMin
        ? 1
        : (int)Math.Min(1 << 16, Math.Sqrt(rows) * 1.05);

    private VectorPart Build()
    {
        (int[] listed, int[] unlisted) = Divide();
        int wanted = _options.ListCount > 0 ? _options.ListCount : ListCountOf(listed.Length);
        CentroidSet centroids = Train(listed, wanted);
        int[][] members = Assign(listed, centroids, out float radius);
        var rotation = new RandomRotation(_rows.Dimension, _options.Seed);
        CentroidSet rotated = Rotate(rotation, centroids);
        var lists = new VectorList[members.Length];
        Memory<byte>[] blocks = Allocate(rotation, members);
        _workers.ForEach(lists.Length, i => lists[i] = Encode(
            rotation, rotated.Centroid(i), members[i], blocks[i]));
        return new VectorPart(
            _options.Metric, rotation, rotated, new ArrayVectorLists(lists), unlisted)
        {
            Radius = radius,
        };
    }

    /// <summary>Which rows get a code, and which cannot.</summary>
    private (int[] Listed, int[] Unlisted) Divide()
    {
        int pieces = (_rows.Count + PieceRows - 1) / PieceRows;
        var norms = new float[_rows.Count];
        _workers.ForEach(pieces, piece =>
        {
            _cancellation.ThrowIfCancellationRequested();
            int end = Math.Min(_rows.Count, (piece + 1) * PieceRows);
            for (int row = piece * PieceRows; row < end; row++)
            {
                norms[row] = _rows.IsNull(row) ? -1 : _rows.SquaredNorm(row);
            }
        });
        var listed = new List<int>(_rows.Count);
        var unlisted = new List<int>();
        for (int row = 0; row < norms.Length; row++)
        {
            bool isOrdinary = norms[row] < SquaredNormMax
                && (_options.Metric != Metric.Cosine || norms[row] >= UnitVector.SquaredNormMin);
            if (norms[row] >= 0 && isOrdinary)
            {
                listed.Add(row);
            }
            else if (!(norms[row] < 0))
            {
                unlisted.Add(row);
            }
        }

        return ([.. listed], [.. unlisted]);
    }

    private CentroidSet Train(int[] listed, int wanted)
    {
        int dimension = _rows.Dimension;
        if (listed.Length == 0)
        {
            return new CentroidSet([], dimension);
        }

        int count = (int)Math.Min(
            listed.Length, (long)Math.Max(SampleRowsPerList, 16) * Math.Max(wanted, 16));
        var random = new SeededRandomSource(_options.Seed);
        var sample = new float[(long)count * dimension];
        for (int i = 0; i < count; i++)
        {
            int begin = (int)((long)i * listed.Length / count);
            int end = (int)((i + 1L) * listed.Length / count);
            int row = listed[begin + (int)(random.NextUInt64() % (ulong)(end - begin))];
            Take(row, sample.AsSpan(i * dimension, dimension));
        }

        var options = new KMeansOptions(wanted, _options.Seed)
        {
            IterationsMax = wanted == 1 ? 1 : IterationsMax,
            SampleRowsPerCluster = int.MaxValue,
            SizeRatioMax = wanted == 1 ? 0 : SizeRatioMax,
        };
        return KMeans.Train(_workers, sample, dimension, options, _cancellation);
    }

    private int[][] Assign(int[] listed, CentroidSet centroids, out float radius)
    {
        int dimension = _rows.Dimension;
        var assignment = new int[listed.Length];
        var distances = new float[listed.Length];
        int pieces = (listed.Length + PieceRows - 1) / PieceRows;
        _workers.ForEach(pieces, piece =>
        {
            _cancellation.ThrowIfCancellationRequested();
            int begin = piece * PieceRows;
            int count = Math.Min(PieceRows, listed.Length - begin);
            float[] rented = ArrayPool<float>.Shared.Rent(PieceRows * dimension);
            Span<float> vectors = rented.AsSpan(0, count * dimension);
            for (int i = 0; i < count; i++)
            {
                Take(listed[begin + i], vectors.Slice(i * dimension, dimension));
            }

            NearestCentroid.Find(
                vectors,
                dimension,
                centroids,
                assignment.AsSpan(begin, count),
                distances.AsSpan(begin, count),
                VectorWidths.Widest);
            ArrayPool<float>.Shared.Return(rented);
        });
        var members = new List<int>[centroids.Count];
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = [];
        }

        for (int i = 0; i < listed.Length; i++)
        {
            Invariant.Check(assignment[i] >= 0, "a finite row has a nearest centroid");
            members[assignment[i]].Add(listed[i]);
        }

        radius = listed.Length == 0
            ? 0
            : (float)Math.Sqrt(distances.Average(static distance => (double)distance));
        return [.. members.Select(static list => list.ToArray())];
    }

    private static CentroidSet Rotate(RandomRotation rotation, CentroidSet centroids)
    {
        int padded = rotation.PaddedDimension;
        var rotated = new float[centroids.Count * padded];
        for (int i = 0; i < centroids.Count; i++)
        {
            rotation.Rotate(centroids.Centroid(i), rotated.AsSpan(i * padded, padded));
        }

        return new CentroidSet(rotated, padded);
    }

    /// <summary>Memory for the blocks of all lists, in one piece.</summary>
    private static Memory<byte>[] Allocate(RandomRotation rotation, int[][] members)
    {
        int blockSize = ListScan.BlockSizeBytes(1, rotation.PaddedDimension);
        long size = members.Sum(list => (long)ListScan.BlockCountOf(list.Length) * blockSize);
        bool isOne = size <= OnePieceSizeBytesMax;
        Memory<byte> all = isOne ? AlignedMemory.Allocate<byte>((int)size) : default;
        LargePages.Prefer(MemoryMarshal.Cast<byte, float>(all.Span));
        var blocks = new Memory<byte>[members.Length];
        int start = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            int length = ListScan.BlockCountOf(members[i].Length) * blockSize;
            blocks[i] = isOne
                ? all.Slice(start, length)
                : AlignedMemory.Allocate<byte>(length);
            start += isOne ? length : 0;
        }

        return blocks;
    }

    private VectorList Encode(
        RandomRotation rotation, ReadOnlySpan<float> centroid, int[] members,
        Memory<byte> blocks)
    {
        _cancellation.ThrowIfCancellationRequested();
        int padded = rotation.PaddedDimension;
        int codeSize = CodeBlock.SizeBytes(1, padded);
        int blockSize = ListScan.BlockSizeBytes(1, padded);
        float[] rented = ArrayPool<float>.Shared.Rent(padded + _rows.Dimension);
        Span<float> rotated = rented.AsSpan(0, padded);
        Span<float> vector = rented.AsSpan(padded, _rows.Dimension);
        Span<byte> code = stackalloc byte[ResidualCode.SizeBytes(1, padded)];
        Metric metric = VectorIndexOptions.CodeMetricOf(_options.Metric);
        for (int i = 0; i < members.Length; i++)
        {
            Take(members[i], vector);
            rotation.Rotate(vector, rotated);
            CodeFactors factors = ResidualCode.Encode(1, metric, rotated, centroid, code);
            Span<byte> block = blocks.Span.Slice(i / CodeBlock.RowCount * blockSize, blockSize);
            CodeBlock.Write(1, code, block[..codeSize], i % CodeBlock.RowCount);
            CodeBlock.WriteFactors(
                factors,
                MemoryMarshal.Cast<byte, float>(block[codeSize..]),
                i % CodeBlock.RowCount);
        }

        ArrayPool<float>.Shared.Return(rented);
        return new VectorList(blocks, members);
    }

    /// <summary>A vector as it is encoded: under cosine, of length 1.</summary>
    private void Take(int row, Span<float> target)
    {
        _rows.CopyTo(row, target);
        if (_options.Metric == Metric.Cosine)
        {
            UnitVector.Scale(target);
        }
    }
}
