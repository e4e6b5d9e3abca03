using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>The SIMD form of <see cref="ResidualCode"/>, waiting for its registers.</summary>
internal unsafe ref struct EncodeAction(
    int bits, ReadOnlySpan<float> vector, ReadOnlySpan<float> centroid, Span<byte> levels)
    : IFloatAction
{
    private readonly ReadOnlySpan<float> _vector = vector;
    private readonly ReadOnlySpan<float> _centroid = centroid;
    private readonly Span<byte> _levels = levels;

    /// <summary>The sums that were found.</summary>
    public CodeSums Sums { get; private set; }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (float* vector = _vector, centroid = _centroid)
        fixed (byte* levels = _levels)
        {
            double norm = PairReduction.Sum<
                FloatElements<FloatSource, FloatSource, TLanes, TVector>,
                TVector,
                SquaredEuclidean>((byte*)vector, (byte*)centroid, _vector.Length, false);
            float inverse = ResidualCode.InverseStep(bits, norm, _vector.Length);
            CodeSums sums = Quantize<TLanes, TVector>(vector, centroid, levels, inverse);
            sums.SquaredNorm = norm;
            Sums = sums;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly CodeSums Quantize<TLanes, TVector>(
        float* vector, float* centroid, byte* levels, float inverse)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float middle = ResidualCode.Middle(bits);
        TVector scale = TLanes.Create(inverse);
        TVector shift = TLanes.Create(middle + 0.5f);
        TVector limit = TLanes.Create(2 * middle);
        TVector center = TLanes.Create(middle);
        TVector codeResidual = default;
        TVector codeCode = default;
        TVector codeCentroid = default;
        TVector centroidResidual = default;
        TVector headCentroid = default;
        int head = ListBlocks.HeadDimension(_vector.Length);
        for (int i = 0; i < _vector.Length; i += TLanes.Count)
        {
            TVector origin = TLanes.Load(centroid + i);
            TVector residual = TLanes.Subtract(TLanes.Load(vector + i), origin);
            TVector level = TLanes.FloorWithin(
                TLanes.MultiplyAdd(residual, scale, shift), limit);
            TLanes.StoreBytes(level, levels + i);
            TVector value = TLanes.Subtract(level, center);
            codeResidual = TLanes.MultiplyAdd(value, residual, codeResidual);
            codeCode = TLanes.MultiplyAdd(value, value, codeCode);
            codeCentroid = TLanes.MultiplyAdd(value, origin, codeCentroid);
            centroidResidual = TLanes.MultiplyAdd(origin, residual, centroidResidual);
            if (i + TLanes.Count == head)
            {
                headCentroid = codeCentroid;
            }
        }

        return new CodeSums
        {
            CodeResidual = TLanes.Sum(codeResidual),
            CodeCode = TLanes.Sum(codeCode),
            CodeCentroid = TLanes.Sum(codeCentroid),
            HeadCentroid = TLanes.Sum(headCentroid),
            CentroidResidual = TLanes.Sum(centroidResidual),
        };
    }
}
