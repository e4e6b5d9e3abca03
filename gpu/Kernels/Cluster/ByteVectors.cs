using System.Buffers;

namespace NeuroDb.Gpu;

/// <summary>
/// Vectors around an origin as bytes, each with a step of its own (see <see cref="ByteRows"/>), so
/// that <see cref="ByteCentroids"/> compare them with centroids. One thread fills a row; many read.
/// </summary>
/// <remarks>
/// Shapes: bytes (count, dimension), steps and squared norms (count); the dimension is a multiple
/// of 16. A vector with a NaN or an infinity has the step 0.
/// </remarks>
internal sealed class ByteVectors
{
    private readonly float[] _origin;
    private readonly byte[] _bytes;
    private readonly float[] _steps;
    private readonly float[] _squaredNorms;

    /// <summary>Room for some vectors.</summary>
    public ByteVectors(int count, ReadOnlySpan<float> origin)
    {
        Invariant.Check(IsPossible(origin.Length));
        _origin = origin.ToArray();
        _bytes = new byte[(long)count * origin.Length];
        _steps = new float[count];
        _squaredNorms = new float[count];
    }

    /// <summary>The elements, row after row.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>What a level of each row stands for.</summary>
    public ReadOnlySpan<float> Steps => _steps;

    /// <summary>|v - origin|^2 of each.</summary>
    public ReadOnlySpan<float> SquaredNorms => _squaredNorms;

    /// <summary>What is subtracted of vectors, and of centroids.</summary>
    public ReadOnlySpan<float> Origin => _origin;

    /// <summary>Whether vectors of a dimension can be rounded.</summary>
    public static bool IsPossible(int dimension) =>
        dimension % ByteMatrix.Block == 0 && dimension <= ByteProduct.DepthMax;

    /// <summary>Takes vectors (count, dimension) into the rows from one on.</summary>
    public void Set(int first, ReadOnlySpan<float> vectors)
    {
        int dimension = _origin.Length;
        float[] rented = ArrayPool<float>.Shared.Rent(dimension);
        Span<float> moved = rented.AsSpan(0, dimension);
        for (int i = 0; i * dimension < vectors.Length; i++)
        {
            VectorShift.Subtract(vectors.Slice(i * dimension, dimension), _origin, moved);
            int row = first + i;
            _squaredNorms[row] = Norm.ComputeSquared(moved);
            _steps[row] = ByteRows.Round(
                moved, isPositive: false, _bytes.AsSpan(row * dimension, dimension));
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
