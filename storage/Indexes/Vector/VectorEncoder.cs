using System.Buffers;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// What makes codes of the rows of a part: which rows have one, how vectors are turned, and how a
/// code comes into the blocks of a list. Safe for many threads.
/// </summary>
internal sealed class VectorEncoder
{
    private const int PieceRows = VectorAssignment.PieceRows;

    // So many turned vectors stay in the second cache until they are encoded.
    private const int BatchRows = NearestCentroid.ChunkRows;
    private const int OnePieceSizeBytesMax = 1 << 30;

    // The lengths of longer vectors overflow single precision when they are squared and added.
    private const float SquaredNormMax = float.MaxValue / 64;

    private readonly IWorkers _workers;
    private readonly VectorRows _rows;
    private readonly Metric _metric;
    private readonly CancellationToken _cancellation;

    /// <summary>Takes the rows.</summary>
    public VectorEncoder(
        IWorkers workers, VectorRows rows, VectorIndexOptions options,
        CancellationToken cancellation)
    {
        _workers = workers;
        _rows = rows;
        _metric = options.Metric;
        _cancellation = cancellation;
        Rotation = new RandomRotation(rows.Dimension, options.Seed);
        BlockSizeBytes = ListBlocks.SizeBytes(Rotation.PaddedDimension);
        Origin = new float[Rotation.PaddedDimension];
    }

    /// <summary>What is taken from vectors when they are turned; set before any is.</summary>
    public float[] Origin { get; set; }

    /// <summary>What turns vectors before they are encoded.</summary>
    public RandomRotation Rotation { get; }

    /// <summary>Bytes of a block of codes with its factors.</summary>
    public int BlockSizeBytes { get; }

    /// <summary>Which of some rows, ascending, get a code, and which cannot.</summary>
    public (int[] Listed, int[] Unlisted) Divide(int[] candidates)
    {
        var norms = new float[candidates.Length];
        ForEachPiece(candidates.Length, (begin, end) =>
        {
            for (int i = begin; i < end; i++)
            {
                int row = candidates[i];
                norms[i] = _rows.IsNull(row) ? -1 : _rows.SquaredNorm(row);
            }
        });
        var listed = new List<int>(candidates.Length);
        var unlisted = new List<int>();
        for (int i = 0; i < norms.Length; i++)
        {
            bool isOrdinary = norms[i] < SquaredNormMax
                && (_metric != Metric.Cosine || norms[i] >= UnitVector.SquaredNormMin);
            if (norms[i] >= 0 && isOrdinary)
            {
                listed.Add(candidates[i]);
            }
            else if (!(norms[i] < 0))
            {
                unlisted.Add(candidates[i]);
            }
        }

        return ([.. listed], [.. unlisted]);
    }

    /// <summary>A vector before it is turned: under cosine, of length 1.</summary>
    public void Take(int row, Span<float> target)
    {
        _rows.CopyTo(row, target);
        if (_metric == Metric.Cosine)
        {
            UnitVector.Scale(target);
        }
    }

    /// <summary>
    /// Some vectors as they are encoded, turned, without the origin: (rows, padded dimension).
    /// </summary>
    public float[] TakeRotated(ReadOnlySpan<int> rows)
    {
        int padded = Rotation.PaddedDimension;
        var rotated = new float[(long)rows.Length * padded];
        RotateTo(rows, rotated);
        return rotated;
    }

    /// <summary>
    /// The codes of rows, each in the list of the centroid that is nearest to it, for
    /// <see cref="Fill"/>: vectors are read and turned once.
    /// </summary>
    /// <param name="listed">The rows, ascending.</param>
    /// <param name="centroids">The centroids, turned.</param>
    public VectorAssignment Assign(int[] listed, CentroidSet centroids)
    {
        int padded = Rotation.PaddedDimension;
        var assigned = new VectorAssignment(
            listed, centroids.Count, ResidualCode.SizeBytes(1, padded));
        float[] origin = VectorSum.Mean(centroids.Vectors, padded);
        ByteCentroids? rounded =
            ByteCentroids.IsFast ? new ByteCentroids(centroids, origin) : null;
        ForEachPiece(listed.Length, (begin, end) =>
        {
            float[] rented = ArrayPool<float>.Shared.Rent(BatchRows * padded);
            var vectors = rounded is null ? null : new ByteVectors(BatchRows, origin);
            for (int first = begin; first < end; first += BatchRows)
            {
                int count = Math.Min(BatchRows, end - first);
                Span<float> rotated = rented.AsSpan(0, count * padded);
                RotateTo(listed.AsSpan(first, count), rotated);
                Span<int> lists = assigned.Lists.AsSpan(first, count);
                Span<float> distances = assigned.SquaredDistances.AsSpan(first, count);
                if (vectors is null)
                {
                    NearestCentroid.Find(
                        rotated, padded, centroids, lists, distances, VectorWidths.Widest);
                }
                else
                {
                    vectors.Set(0, rotated);
                    rounded!.Find(vectors, 0, lists, distances);
                }

                Encode(assigned, first, rotated, centroids);
            }

            ArrayPool<float>.Shared.Return(rented);
        });
        assigned.Divide();
        return assigned;
    }

    /// <summary>Puts the codes of the rows of a list into its blocks, from a slot on.</summary>
    public void Fill(VectorAssignment assigned, int list, Span<byte> blocks, int firstSlot)
    {
        int[] members = assigned.Members[list];
        for (int i = 0; i < members.Length; i++)
        {
            Put(
                assigned.CodeOf(members[i]),
                assigned.Factors[members[i]],
                blocks,
                firstSlot + i);
        }
    }

    /// <summary>Memory for the blocks of lists of these sizes, in one piece.</summary>
    public Memory<byte>[] Allocate(int[] sizes)
    {
        long size = sizes.Sum(count => (long)ListBlocks.CountOf(count) * BlockSizeBytes);
        bool isOne = size <= OnePieceSizeBytesMax;
        Memory<byte> all = isOne ? AlignedMemory.Allocate<byte>((int)size) : default;
        var blocks = new Memory<byte>[sizes.Length];
        int start = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            int length = ListBlocks.CountOf(sizes[i]) * BlockSizeBytes;
            blocks[i] = isOne
                ? all.Slice(start, length)
                : AlignedMemory.Allocate<byte>(length);
            start += isOne ? length : 0;
        }

        return blocks;
    }

    /// <summary>Encodes rows into the blocks of a list, from a slot on.</summary>
    public void Encode(
        ReadOnlySpan<int> rows, ReadOnlySpan<float> centroid, Span<byte> blocks, int firstSlot)
    {
        _cancellation.ThrowIfCancellationRequested();
        int padded = Rotation.PaddedDimension;
        float[] rented = ArrayPool<float>.Shared.Rent(padded + _rows.Dimension);
        Span<float> rotated = rented.AsSpan(0, padded);
        Span<float> vector = rented.AsSpan(padded, _rows.Dimension);
        Span<byte> code = stackalloc byte[ResidualCode.SizeBytes(1, padded)];
        for (int i = 0; i < rows.Length; i++)
        {
            Take(rows[i], vector);
            Rotate(vector, rotated);
            Put(code, CodeOf(rotated, centroid, code), blocks, firstSlot + i);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>Puts a code into a slot of the blocks of a list.</summary>
    public void Put(
        ReadOnlySpan<byte> code, in ListFactors factors, Span<byte> blocks, int slot) =>
        ListBlocks.Write(Rotation.PaddedDimension, code, factors, blocks, slot);

    /// <summary>Copies the codes of the first slots of a list.</summary>
    public void CopyFirst(ReadOnlySpan<byte> source, int count, Span<byte> blocks) =>
        ListBlocks.CopyFirst(Rotation.PaddedDimension, source, count, blocks);

    /// <summary>Copies the code of a slot of a list to a slot of another one.</summary>
    public void Copy(ReadOnlySpan<byte> source, int from, Span<byte> blocks, int to) =>
        ListBlocks.Copy(Rotation.PaddedDimension, source, from, blocks, to);

    private void Encode(
        VectorAssignment assigned, int first, ReadOnlySpan<float> rotated, CentroidSet centroids)
    {
        int padded = Rotation.PaddedDimension;
        for (int i = 0; i * padded < rotated.Length; i++)
        {
            int list = assigned.Lists[first + i];
            Invariant.Check(list >= 0, "a finite row has a nearest centroid");
            assigned.Factors[first + i] = CodeOf(
                rotated.Slice(i * padded, padded),
                centroids.Centroid(list),
                assigned.CodeOf(first + i));
        }
    }

    /// <summary>
    /// Writes the code of a rotated vector. The factors of an inner product are those of vectors
    /// with the origin: their error is then that of a query as far as it is from centroids, which
    /// has the origin, too, where it is like the rows.
    /// </summary>
    private ListFactors CodeOf(
        ReadOnlySpan<float> rotated, ReadOnlySpan<float> centroid, Span<byte> code)
    {
        Metric metric = VectorIndexOptions.CodeMetricOf(_metric);
        if (metric != Metric.InnerProduct)
        {
            return ResidualCode.EncodeForList(
                metric, rotated, centroid, code, VectorWidths.Widest);
        }

        float[] rented = ArrayPool<float>.Shared.Rent(2 * rotated.Length);
        Span<float> vector = rented.AsSpan(0, rotated.Length);
        Span<float> whole = rented.AsSpan(rotated.Length, rotated.Length);
        VectorShift.Add(rotated, Origin, vector);
        VectorShift.Add(centroid, Origin, whole);
        ListFactors factors = ResidualCode.EncodeForList(
            metric, vector, whole, code, VectorWidths.Widest);
        ArrayPool<float>.Shared.Return(rented);
        return factors;
    }

    private void RotateTo(ReadOnlySpan<int> rows, Span<float> rotated)
    {
        int padded = Rotation.PaddedDimension;
        float[] rented = ArrayPool<float>.Shared.Rent(_rows.Dimension);
        Span<float> vector = rented.AsSpan(0, _rows.Dimension);
        for (int i = 0; i < rows.Length; i++)
        {
            Take(rows[i], vector);
            Rotate(vector, rotated.Slice(i * padded, padded));
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private void Rotate(ReadOnlySpan<float> vector, Span<float> rotated)
    {
        Rotation.Rotate(vector, rotated);
        VectorShift.Subtract(rotated, Origin, rotated);
    }

    private void ForEachPiece(int count, Action<int, int> work)
    {
        int pieces = (count + PieceRows - 1) / PieceRows;
        _workers.ForEach(pieces, piece =>
        {
            _cancellation.ThrowIfCancellationRequested();
            work(piece * PieceRows, Math.Min(count, (piece + 1) * PieceRows));
        });
    }
}
