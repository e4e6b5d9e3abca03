using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// The SIMD form of <see cref="NearestCentroid"/> for a chunk of vectors, waiting for its
/// registers. Centroids are taken a few at a time, so that they stay in the nearest cache while all
/// vectors of the chunk pass by.
/// </summary>
internal readonly unsafe ref struct NearestAction(
    float* vectors,
    int count,
    float* centroids,
    CentroidSet set,
    int* assignment,
    float* distances) : IElementAction
{
    private readonly float* _vectors = vectors;
    private readonly float* _centroids = centroids;
    private readonly int* _assignment = assignment;
    private readonly float* _distances = distances;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
    {
        const int Padded = NearestCentroid.ChunkRows + 4;
        float* scores = stackalloc float[Padded];
        int* indexes = stackalloc int[Padded];
        new Span<float>(scores, Padded).Fill(float.PositiveInfinity);
        new Span<int>(indexes, Padded).Fill(NearestCentroid.None);
        int rowBytes = set.Dimension * sizeof(float);
        int step = Math.Clamp(24 * 1024 / rowBytes / 3 * 3, 3, 192);
        for (int begin = 0; begin < set.Count; begin += step)
        {
            int end = Math.Min(set.Count, begin + step);
            for (int row = 0; row < count; row += 4)
            {
                Compare<TLanes, TVector>(row, begin, end, scores + row, indexes + row);
            }
        }

        for (int i = 0; i < count; i++)
        {
            bool isFound = indexes[i] != NearestCentroid.None;
            var vector = new ReadOnlySpan<float>(
                _vectors + ((nint)i * set.Dimension), set.Dimension);
            _assignment[i] = indexes[i];
            _distances[i] = isFound
                ? SquaredEuclidean.Compute(vector, set.Centroid(indexes[i]))
                : float.NaN;
        }
    }

    /// <summary>Four vectors with the centroids [begin, end).</summary>
    private void Compare<TLanes, TVector>(
        int row, int begin, int end, float* scores, int* indexes)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
    {
        nint* tileRows = stackalloc nint[3];
        nint* queries = stackalloc nint[4];
        Vector128<float>* sums = stackalloc Vector128<float>[3];
        byte* scratch = stackalloc byte[BatchTile<TLanes, TVector, Dot>.ScratchBytes];
        for (int i = 0; i < 4; i++)
        {
            int at = Math.Min(row + i, count - 1);
            queries[i] = (nint)(_vectors + ((nint)at * set.Dimension));
        }

        Vector128<float> best = Vector128.Load(scores);
        Vector128<int> nearest = Vector128.Load(indexes);
        for (int centroid = begin; centroid < end; centroid += 3)
        {
            int valid = Math.Min(3, end - centroid);
            for (int i = 0; i < 3; i++)
            {
                int at = centroid + Math.Min(i, valid - 1);
                tileRows[i] = (nint)(_centroids + ((nint)at * set.Dimension));
            }

            BatchTile<TLanes, TVector, Dot>.Run(
                tileRows, queries, set.Dimension, scratch, sums);
            for (int i = 0; i < valid; i++)
            {
                Vector128<float> score = Vector128.MultiplyAddEstimate(
                    sums[i],
                    Vector128.Create(-2f),
                    Vector128.Create(set.SquaredNorms[centroid + i]));
                Vector128<float> closer = Vector128.LessThan(score, best);
                best = Vector128.ConditionalSelect(closer, score, best);
                nearest = Vector128.ConditionalSelect(
                    closer.AsInt32(), Vector128.Create(centroid + i), nearest);
            }
        }

        best.Store(scores);
        nearest.Store(indexes);
    }
}
