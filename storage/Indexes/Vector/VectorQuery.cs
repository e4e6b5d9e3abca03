using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// A vector that rows are ranked by, in the forms that rows of each type are compared with. What it
/// computes is what a scan ranks by, the square of a Euclidean distance among it. One thread owns
/// it and may set it again, in the same memory.
/// </summary>
internal sealed class VectorQuery
{
    private float[] _numbers = [];
    private sbyte[]? _int8s;
    private bool _hasTriedInt8s;
    private ReadOnlyMemory<byte> _bits;
    private float[] _widened = [];

    /// <summary>Takes a vector, whose elements are copied.</summary>
    public void Set(Metric metric, ReadOnlySpan<float> numbers)
    {
        Invariant.Check(VectorIndexOptions.IsSupported(metric));
        Metric = metric;
        _numbers = _numbers.Length == numbers.Length ? _numbers : new float[numbers.Length];
        numbers.CopyTo(_numbers);
        SquaredNorm = Norm.ComputeSquared(numbers);
        _int8s = null;
        _hasTriedInt8s = false;
        _bits = metric == Metric.Hamming
            ? CompactVector.BitsOf(numbers).Bytes
            : default;
    }

    /// <summary>What rows are ranked by.</summary>
    public Metric Metric { get; private set; }

    /// <summary>The elements.</summary>
    public ReadOnlySpan<float> Numbers => _numbers;

    /// <summary>dot(query, query).</summary>
    public float SquaredNorm { get; private set; }

    /// <summary>The rank of a row of floats.</summary>
    public float Rank(ReadOnlySpan<float> row) => Metric switch
    {
        Metric.L2 => SquaredEuclidean.Compute(row, _numbers),
        Metric.InnerProduct => -Dot.Compute(row, _numbers),
        _ => CosineDistance.Compute(row, _numbers, SquaredNorm, VectorWidths.Widest),
    };

    /// <summary>The rank of a row of halves.</summary>
    public float Rank(ReadOnlySpan<Half> row) => Rank<Half, float>(row, _numbers);

    /// <summary>The rank of a row of signed bytes.</summary>
    public float Rank(ReadOnlySpan<sbyte> row)
    {
        if (!_hasTriedInt8s)
        {
            _int8s = TryInt8s(_numbers);
            _hasTriedInt8s = true;
        }

        if (_int8s is not null)
        {
            return Rank<sbyte, sbyte>(row, _int8s);
        }

        _widened = _widened.Length == row.Length ? _widened : new float[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            _widened[i] = row[i];
        }

        return Rank(_widened);
    }

    /// <summary>The rank of a row of bits: those that differ.</summary>
    public float RankBits(ReadOnlySpan<byte> row) =>
        (float)PairReduction.Compute<byte, byte, Hamming>(
            row, _bits.Span, VectorWidths.Widest);

    /// <summary>The elements as signed bytes; null if they are none.</summary>
    public static sbyte[]? TryInt8s(ReadOnlySpan<float> numbers)
    {
        var whole = new sbyte[numbers.Length];
        for (int i = 0; i < whole.Length; i++)
        {
            if (numbers[i] is not (>= sbyte.MinValue and <= sbyte.MaxValue)
                || numbers[i] != (sbyte)numbers[i])
            {
                return null;
            }

            whole[i] = (sbyte)numbers[i];
        }

        return whole;
    }

    private float Rank<TElement, TQuery>(
        ReadOnlySpan<TElement> row, ReadOnlySpan<TQuery> query)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        VectorWidth width = VectorWidths.Widest;
        switch (Metric)
        {
            case Metric.L2:
                return (float)PairReduction.Compute<TElement, TQuery, SquaredEuclidean>(
                    row, query, width);
            case Metric.InnerProduct:
                return -(float)PairReduction.Compute<TElement, TQuery, Dot>(row, query, width);
            default:
                return (float)CosineDistance.FromSums(
                    PairReduction.Compute<TElement, TQuery, Dot>(row, query, width),
                    PairReduction.Compute<TElement, TElement, Dot>(row, row, width),
                    SquaredNorm);
        }
    }
}
