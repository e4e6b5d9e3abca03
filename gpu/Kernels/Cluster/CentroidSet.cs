namespace NeuroDb.Gpu;

/// <summary>
/// Centroids and what comparing with them needs. The norms are taken when it is made: it must be
/// made again when a centroid moves.
/// </summary>
internal sealed class CentroidSet
{
    private readonly float[] _vectors;
    private readonly float[] _squaredNorms;

    /// <summary>Takes centroids (count, dimension), not copied.</summary>
    public CentroidSet(float[] vectors, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Invariant.Check(vectors.Length % dimension == 0, "whole centroids");
        _vectors = vectors;
        Dimension = dimension;
        Count = vectors.Length / dimension;
        _squaredNorms = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            _squaredNorms[i] = Norm.ComputeSquared(Centroid(i));
        }
    }

    /// <summary>How many centroids.</summary>
    public int Count { get; }

    /// <summary>Their dimension.</summary>
    public int Dimension { get; }

    /// <summary>The elements, row after row.</summary>
    public float[] Vectors => _vectors;

    /// <summary>|c|^2 of each.</summary>
    public ReadOnlySpan<float> SquaredNorms => _squaredNorms;

    /// <summary>One centroid.</summary>
    public ReadOnlySpan<float> Centroid(int index) =>
        _vectors.AsSpan(index * Dimension, Dimension);
}
