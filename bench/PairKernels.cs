using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using NeuroDb.Gpu;

namespace NeuroDb.Bench;

/// <summary>
/// Distances of two vectors in cache: ours, the scalar reference, TensorPrimitives.
/// </summary>
public class PairKernels
{
    private float[] _left = [];
    private float[] _right = [];

    /// <summary>The dimension of the vectors.</summary>
    [Params(128, 384, 768, 1536)]
    public int Dimension { get; set; }

    /// <summary>Makes the vectors.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _left = VectorData.Clustered(1, Dimension, seed: 1);
        _right = VectorData.Clustered(1, Dimension, seed: 2);
    }

    [Benchmark]
    public float Dot() => Gpu.Dot.Compute(_left, _right);

    [Benchmark]
    public float Dot_Scalar() => Gpu.Dot.ComputeScalar(_left, _right);

    [Benchmark]
    public float Dot_Tensors() => TensorPrimitives.Dot<float>(_left, _right);

    [Benchmark]
    public float L2() => SquaredEuclidean.Compute(_left, _right);

    [Benchmark]
    public float L2_Scalar() => SquaredEuclidean.ComputeScalar(_left, _right);

    [Benchmark]
    public float L2_Tensors() => TensorPrimitives.Distance<float>(_left, _right);

    [Benchmark]
    public float Cosine() => CosineDistance.Compute(_left, _right);

    [Benchmark]
    public float Cosine_Scalar() => CosineDistance.ComputeScalar(_left, _right);

    [Benchmark]
    public float Cosine_Tensors() => TensorPrimitives.CosineSimilarity<float>(_left, _right);
}
