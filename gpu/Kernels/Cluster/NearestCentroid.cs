namespace NeuroDb.Gpu;

/// <summary>
/// The centroid that is nearest to each vector: argmin over c of |v - c|^2, by the tiles
/// of <see cref="BatchScan"/>.
/// </summary>
/// <remarks>
/// Shapes: vectors (count, dimension), centroids (k, dimension); assignment and distances (count).
/// Compared is |c|^2 - 2 dot(v, c) in single precision: centroids whose distances differ by less
/// than its rounding may change places, ties go to the lower index. Distances are squared. A vector
/// with a NaN or an infinity gets -1 and NaN. What a vector gets depends only on it and the
/// centroids.
/// </remarks>
internal static unsafe class NearestCentroid
{
    /// <summary>What is assigned where no centroid is near.</summary>
    public const int None = -1;

    /// <summary>Vectors that are done together: their rows stay in the second cache.</summary>
    public const int ChunkRows = 64;

    /// <summary>Finds the nearest centroids on one thread, with a given register width.</summary>
    public static void Find(
        ReadOnlySpan<float> vectors,
        int dimension,
        CentroidSet centroids,
        Span<int> assignment,
        Span<float> distances,
        VectorWidth width)
    {
        Invariant.Check(vectors.Length == (long)assignment.Length * dimension);
        Invariant.Check(distances.Length == assignment.Length);
        fixed (float* start = vectors, centroidStart = centroids.Vectors)
        fixed (int* indexes = assignment)
        fixed (float* scores = distances)
        {
            for (int row = 0; row < assignment.Length; row += ChunkRows)
            {
                var action = new NearestAction(
                    start + ((nint)row * dimension),
                    Math.Min(ChunkRows, assignment.Length - row),
                    centroidStart,
                    centroids,
                    indexes + row,
                    scores + row);
                ElementDispatch.Run<float, float, NearestAction>(width, ref action);
            }
        }
    }

    /// <summary>Finds the nearest centroids on all threads.</summary>
    public static void Find(
        IWorkers workers,
        ReadOnlyMemory<float> vectors,
        int dimension,
        CentroidSet centroids,
        Memory<int> assignment,
        Memory<float> distances,
        CancellationToken cancellation)
    {
        int pieces = (assignment.Length + ChunkRows - 1) / ChunkRows;
        workers.ForEach(pieces, piece =>
        {
            cancellation.ThrowIfCancellationRequested();
            int begin = piece * ChunkRows;
            int count = Math.Min(ChunkRows, assignment.Length - begin);
            Find(
                vectors.Span.Slice(begin * dimension, count * dimension),
                dimension,
                centroids,
                assignment.Span.Slice(begin, count),
                distances.Span.Slice(begin, count),
                VectorWidths.Widest);
        });
    }

    /// <summary>The reference: the plain formula in double precision.</summary>
    public static int FindScalar(
        ReadOnlySpan<float> vector, CentroidSet centroids, out float distance)
    {
        int nearest = None;
        double best = double.PositiveInfinity;
        distance = float.NaN;
        for (int i = 0; i < centroids.Count; i++)
        {
            double squared = SquaredEuclidean.ComputeScalar(vector, centroids.Centroid(i));
            if (squared < best)
            {
                best = squared;
                nearest = i;
                distance = (float)squared;
            }
        }

        return nearest;
    }
}
