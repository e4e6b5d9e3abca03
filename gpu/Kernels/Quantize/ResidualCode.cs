using System.Buffers;

namespace NeuroDb.Gpu;

/// <summary>
/// Codes of 1, 4 or 8 bits a dimension for rotated vectors, with an unbiased estimate of the rank
/// and its error (Gao and Long, RaBitQ, SIGMOD 2024, section 3; more bits: Gao et al., Practical
/// and Asymptotically Optimal Quantization, SIGMOD 2025, section 3).
/// </summary>
/// <remarks>
/// With r = o - c (vector and centroid, both rotated, D dimensions), u[i] = floor(r[i] / t +
/// 2^(bits - 1)) within [0, 2^bits) and v = u - (2^bits - 1) / 2, the product of r with anything is
/// estimated as g dot(v, .), g = |r|^2 / dot(v, r). So the squared distance of a query q is
/// <c>Term + Add + Scale dot(v, q)</c> with Term = |q - c|^2, Add = |r|^2 + 2 g dot(v, c),
/// Scale = -2 g and Error = 2 |r| sqrt((1 - cos^2) / cos^2) / sqrt(D - 1), cos that between v and
/// r; for the negative inner product Add = g dot(v, c) - dot(r, c), Scale = -g, half the error.
/// The step t is the best one for the normal distribution that the rotation leads to (Max,
/// Quantizing for Minimum Distortion, IRE Trans. Information Theory 6, 1960, table II). For cosine
/// normalise the vectors and use either. Shapes: vector and centroid (D), D a multiple of 64;
/// code (D bits / 8): bit i % 8 of byte i / 8; the halves of a byte hold dimensions i and i + 16 of
/// each 32; a byte each. A residual of zero gives an estimate without error; a NaN gives factors
/// that are NaN, and a NaN bound skips nothing.
/// </remarks>
internal static class ResidualCode
{
    private const float StepOf4Bits = 0.3352f;
    private const float StepOf8Bits = 0.0308f;

    /// <summary>Bytes of a code.</summary>
    public static int SizeBytes(int bits, int dimension) => dimension / 8 * bits;

    /// <summary>Half the largest value of an element of u: what is taken from it in v.</summary>
    public static float Middle(int bits) => ((1 << bits) - 1) / 2f;

    /// <summary>Writes the code of a vector and gives its factors.</summary>
    public static CodeFactors Encode(
        int bits,
        Metric metric,
        ReadOnlySpan<float> vector,
        ReadOnlySpan<float> centroid,
        Span<byte> code) =>
        Encode(bits, metric, vector, centroid, code, VectorWidths.Widest);

    /// <summary>Writes the code of a vector with a given register width.</summary>
    public static CodeFactors Encode(
        int bits,
        Metric metric,
        ReadOnlySpan<float> vector,
        ReadOnlySpan<float> centroid,
        Span<byte> code,
        VectorWidth width)
    {
        Check(bits, metric, vector, centroid, code);
        return SumsOf(bits, vector, centroid, code, width).ToFactors(metric, vector.Length);
    }

    /// <summary>Writes the code of one bit of a row of a list and gives its factors.</summary>
    public static ListFactors EncodeForList(
        Metric metric,
        ReadOnlySpan<float> vector,
        ReadOnlySpan<float> centroid,
        Span<byte> code,
        VectorWidth width)
    {
        Check(1, metric, vector, centroid, code);
        return SumsOf(1, vector, centroid, code, width).ToListFactors(metric, vector.Length);
    }

    /// <summary>The reference: the formulas in double precision.</summary>
    public static CodeFactors EncodeScalar(
        int bits,
        Metric metric,
        ReadOnlySpan<float> vector,
        ReadOnlySpan<float> centroid,
        Span<byte> code)
    {
        Check(bits, metric, vector, centroid, code);
        return SumsOfScalar(bits, vector, centroid, code).ToFactors(metric, vector.Length);
    }

    /// <summary>The reference of <see cref="EncodeForList"/>.</summary>
    public static ListFactors EncodeForListScalar(
        Metric metric,
        ReadOnlySpan<float> vector,
        ReadOnlySpan<float> centroid,
        Span<byte> code)
    {
        Check(1, metric, vector, centroid, code);
        return SumsOfScalar(1, vector, centroid, code).ToListFactors(metric, vector.Length);
    }

    private static CodeSums SumsOf(
        int bits,
        ReadOnlySpan<float> vector,
        ReadOnlySpan<float> centroid,
        Span<byte> code,
        VectorWidth width)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(vector.Length);
        Span<byte> levels = rented.AsSpan(0, vector.Length);
        var action = new EncodeAction(bits, vector, centroid, levels);
        FloatDispatch.Run(width, ref action);
        CodePacking.Pack(bits, levels, code);
        ArrayPool<byte>.Shared.Return(rented);
        return action.Sums;
    }

    private static CodeSums SumsOfScalar(
        int bits, ReadOnlySpan<float> vector, ReadOnlySpan<float> centroid, Span<byte> code)
    {
        double norm = SquaredEuclidean.ComputeScalar(vector, centroid);
        float inverse = InverseStep(bits, norm, vector.Length);
        float middle = Middle(bits);
        int head = ListBlocks.HeadDimension(vector.Length);
        var levels = new byte[vector.Length];
        CodeSums sums = new() { SquaredNorm = norm };
        for (int i = 0; i < vector.Length; i++)
        {
            float residual = vector[i] - centroid[i];
            float level = MathF.Floor((residual * inverse) + middle + 0.5f);
            levels[i] = (byte)Math.Clamp(level, 0, 2 * middle);
            double value = levels[i] - middle;
            sums.CodeResidual += value * residual;
            sums.CodeCode += value * value;
            sums.CodeCentroid += value * centroid[i];
            sums.HeadCentroid += i < head ? value * centroid[i] : 0;
            sums.CentroidResidual += (double)centroid[i] * residual;
        }

        CodePacking.Pack(bits, levels, code);
        return sums;
    }

    /// <summary>
    /// 1 / t for a residual of this squared norm; for one bit only the sign counts.
    /// </summary>
    public static float InverseStep(int bits, double squaredNorm, int dimension)
    {
        if (bits == 1)
        {
            return float.MaxValue;
        }

        double deviation = Math.Sqrt(squaredNorm / dimension);
        double inverse = 1 / (deviation * (bits == 4 ? StepOf4Bits : StepOf8Bits));
        return squaredNorm == 0 ? 0 : (float)Math.Min(inverse, float.MaxValue);
    }

    /// <summary>
    /// dot(v, query) for codes of 4 and 8 bits; the sum of the query's elements is given with it.
    /// </summary>
    public static float Product(
        int bits, ReadOnlySpan<byte> code, ReadOnlySpan<float> query, float querySum) =>
        Product(bits, code, query, querySum, VectorWidths.Widest);

    /// <summary>dot(v, query) with a given register width.</summary>
    public static float Product(
        int bits,
        ReadOnlySpan<byte> code,
        ReadOnlySpan<float> query,
        float querySum,
        VectorWidth width)
    {
        Invariant.Check(bits is 4 or 8 && code.Length == SizeBytes(bits, query.Length));
        var action = new CodeProductAction(bits, code, query);
        FloatDispatch.Run(width, ref action);
        return action.Result - (Middle(bits) * querySum);
    }

    /// <summary>The reference of dot(v, query), for any number of bits.</summary>
    public static float ProductScalar(
        int bits, ReadOnlySpan<byte> code, ReadOnlySpan<float> query)
    {
        double sum = 0;
        for (int i = 0; i < query.Length; i++)
        {
            sum += (double)(CodePacking.Level(bits, code, i) - Middle(bits)) * query[i];
        }

        return (float)sum;
    }

    /// <summary>
    /// The estimated rank and, below it, its lower bound; the upper one mirrors it.
    /// </summary>
    public static (float Estimate, float Lower) Rank(
        in CodeFactors factors, in ListProbe probe, float product)
    {
        float estimate = probe.Term + factors.Add + (factors.Scale * product);
        return (estimate, estimate - (probe.Confidence * probe.Distance * factors.Error));
    }

    private static void Check(
        int bits,
        Metric metric,
        ReadOnlySpan<float> vector,
        ReadOnlySpan<float> centroid,
        Span<byte> code)
    {
        SpanPair.CheckLength(vector, centroid);
        Invariant.Check(bits is 1 or 4 or 8, "codes have 1, 4 or 8 bits");
        Invariant.Check(metric is Metric.L2 or Metric.InnerProduct, "normalise for cosine");
        Invariant.Check(vector.Length % RandomRotation.Multiple == 0 && vector.Length > 0);
        Invariant.Check(code.Length == SizeBytes(bits, vector.Length));
    }
}
