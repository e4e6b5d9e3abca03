using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Centroids in signed bytes, to find the one that is nearest to each of <see cref="ByteVectors"/>:
/// argmin over c of |c|^2 - 2 dot(v, c), with exact norms and products of bytes. Both roundings
/// move a distance by about |v| |c| / (50 sqrt(dimension)), lengths taken from the origin: of
/// centroids that lie about equally near, either may be found.
/// </summary>
/// <remarks>
/// Shapes: centroids (count, dimension); assignment and distances (vectors). Distances are squared,
/// rounded as products are, and not negative. Ties go to the lower index. A vector with a NaN
/// or an infinity gets <see cref="NearestCentroid.None"/> and NaN. What a vector gets depends only
/// on it, the origin and the centroids. Immutable.
/// </remarks>
internal sealed class ByteCentroids
{
    private const int Lanes = 8;
    private const float LevelMax = 127;

    private readonly ByteMatrix _matrix;

    // Of each column, in whole blocks: the squared norm, twice the step, what Middle adds to sums.
    private readonly float[] _norms;
    private readonly float[] _factors;
    private readonly int[] _shifts;

    /// <summary>Rounds centroids around the origin of the vectors.</summary>
    public ByteCentroids(CentroidSet centroids, ReadOnlySpan<float> origin)
    {
        int dimension = centroids.Dimension;
        Invariant.Check(ByteVectors.IsPossible(dimension) && origin.Length == dimension);
        var levels = new sbyte[dimension * centroids.Count];
        int padded = (centroids.Count + ByteMatrix.Block - 1) / ByteMatrix.Block * ByteMatrix.Block;
        _norms = new float[padded];
        _norms.AsSpan().Fill(float.PositiveInfinity);
        _factors = new float[padded];
        _shifts = new int[padded];
        var moved = new float[dimension];
        for (int column = 0; column < centroids.Count; column++)
        {
            ReadOnlySpan<float> centroid = centroids.Centroid(column);
            for (int i = 0; i < dimension; i++)
            {
                moved[i] = centroid[i] - origin[i];
            }

            _norms[column] = Norm.ComputeSquared(moved);
            float step = CoarseCentroids.StepOf(moved);
            _factors[column] = 2 * step;
            float inverse = step > 0 ? 1 / step : 0;
            for (int i = 0; i < dimension; i++)
            {
                levels[(i * centroids.Count) + column] = (sbyte)Math.Clamp(
                    MathF.Round(moved[i] * inverse), -LevelMax, LevelMax);
            }
        }

        _matrix = new ByteMatrix(levels, dimension, centroids.Count);
        for (int column = 0; column < padded; column++)
        {
            _shifts[column] = ByteRows.Middle * _matrix.Sums[column];
        }
    }

    /// <summary>Whether this is faster than <see cref="NearestCentroid"/>.</summary>
    public static bool IsFast => ByteProduct.IsFast;

    /// <summary>Finds the nearest centroids of the vectors from one on, on one thread.</summary>
    public void Find(
        ByteVectors vectors, int first, Span<int> assignment, Span<float> distances)
    {
        Invariant.Check(distances.Length == assignment.Length);
        int dimension = _matrix.PaddedDepth;
        int[] rented = ArrayPool<int>.Shared.Rent(
            NearestCentroid.ChunkRows * _matrix.PaddedColumns);
        for (int at = 0; at < assignment.Length; at += NearestCentroid.ChunkRows)
        {
            int count = Math.Min(NearestCentroid.ChunkRows, assignment.Length - at);
            ByteProduct.Compute(
                vectors.Bytes.Slice((first + at) * dimension, count * dimension),
                count,
                _matrix,
                rented);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<int> sums =
                    rented.AsSpan(i * _matrix.PaddedColumns, _matrix.PaddedColumns);
                int row = first + at + i;
                assignment[at + i] = Nearest(sums, vectors.Steps[row], out float score);
                distances[at + i] = score + vectors.SquaredNorms[row];
                if (!float.IsFinite(vectors.SquaredNorms[row]))
                {
                    assignment[at + i] = NearestCentroid.None;
                    distances[at + i] = float.NaN;
                }
                else
                {
                    distances[at + i] = Math.Max(0, distances[at + i]);
                }
            }
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>Finds the nearest centroids on all threads.</summary>
    public void Find(
        IWorkers workers,
        ByteVectors vectors,
        Memory<int> assignment,
        Memory<float> distances,
        CancellationToken cancellation)
    {
        const int PieceRows = 4 * NearestCentroid.ChunkRows;
        workers.ForEach((assignment.Length + PieceRows - 1) / PieceRows, piece =>
        {
            cancellation.ThrowIfCancellationRequested();
            int begin = piece * PieceRows;
            int count = Math.Min(PieceRows, assignment.Length - begin);
            Find(
                vectors,
                begin,
                assignment.Span.Slice(begin, count),
                distances.Span.Slice(begin, count));
        });
    }

    /// <summary>The column of the lowest score norm - step factor (sum - shift).</summary>
    private int Nearest(ReadOnlySpan<int> sums, float step, out float score)
    {
        ref int sum = ref MemoryMarshal.GetReference(sums);
        ref float norm = ref MemoryMarshal.GetArrayDataReference(_norms);
        ref float factor = ref MemoryMarshal.GetArrayDataReference(_factors);
        ref int shift = ref MemoryMarshal.GetArrayDataReference(_shifts);
        var least = Vector256.Create(float.PositiveInfinity);
        Vector256<int> places = default;
        var scale = Vector256.Create(-step);
        Vector256<int> place = Vector256<int>.Indices;
        for (nuint i = 0; i < (nuint)sums.Length; i += Lanes)
        {
            Vector256<float> product = Vector256.ConvertToSingle(
                Vector256.LoadUnsafe(ref sum, i) - Vector256.LoadUnsafe(ref shift, i));
            Vector256<float> value = Vector256.MultiplyAddEstimate(
                product * Vector256.LoadUnsafe(ref factor, i),
                scale,
                Vector256.LoadUnsafe(ref norm, i));
            Vector256<float> isLess = Vector256.LessThan(value, least);
            least = Vector256.ConditionalSelect(isLess, value, least);
            places = Vector256.ConditionalSelect(isLess.AsInt32(), place, places);
            place += Vector256.Create(Lanes);
        }

        score = least[0];
        int nearest = places[0];
        for (int lane = 1; lane < Lanes; lane++)
        {
            if (least[lane] < score || (least[lane] == score && places[lane] < nearest))
            {
                score = least[lane];
                nearest = places[lane];
            }
        }

        return nearest;
    }
}
