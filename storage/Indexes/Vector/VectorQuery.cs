using System.Numerics;
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
    private double _base = double.NaN;

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
        _base = double.NaN;
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

    /// <summary>
    /// What ranks are given without: where they are all about equally large, they are computed in
    /// double precision, and only by what they differ is rounded.
    /// </summary>
    public double Base => double.IsNaN(_base) ? 0 : _base;

    /// <summary>Sets the base, before the first rank.</summary>
    public void SetBase(double rank)
    {
        Invariant.Check(Metric is Metric.L2 or Metric.InnerProduct or Metric.Cosine);
        _base = rank;
    }

    /// <summary>Takes the base of the same query elsewhere.</summary>
    public void CopyBase(VectorQuery other) => _base = other._base;

    /// <summary>The rank of a row of floats.</summary>
    public float Rank(ReadOnlySpan<float> row)
    {
        if (!double.IsNaN(_base))
        {
            return (float)RankDouble(row);
        }

        return Metric switch
        {
            Metric.L2 => SquaredEuclidean.Compute(row, _numbers),
            Metric.InnerProduct => -Dot.Compute(row, _numbers),
            _ => CosineDistance.Compute(row, _numbers, SquaredNorm, VectorWidths.Widest),
        };
    }

    /// <summary>The rank of a row of halves.</summary>
    public float Rank(ReadOnlySpan<Half> row) => double.IsNaN(_base)
        ? Rank<Half, float>(row, _numbers)
        : Rank(Widen(row));

    /// <summary>The rank of a row of signed bytes.</summary>
    public float Rank(ReadOnlySpan<sbyte> row)
    {
        if (!_hasTriedInt8s)
        {
            _int8s = TryInt8s(_numbers);
            _hasTriedInt8s = true;
        }

        return _int8s is not null && double.IsNaN(_base)
            ? Rank<sbyte, sbyte>(row, _int8s)
            : Rank(Widen(row));
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

    /// <summary>The rank of a row in double precision.</summary>
    public double RankDouble(ReadOnlySpan<float> row) => Metric switch
    {
        Metric.L2 => DoubleSums.SquaredDifference(row, _numbers),
        Metric.InnerProduct => -DoubleSums.Product(row, _numbers),
        _ => CosineDistance.ComputeDouble(row, _numbers),
    } - Base;

    private float[] Widen<TElement>(ReadOnlySpan<TElement> row)
        where TElement : unmanaged, INumberBase<TElement>
    {
        _widened = _widened.Length == row.Length ? _widened : new float[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            _widened[i] = float.CreateChecked(row[i]);
        }

        return _widened;
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
                return CosineDistance.Compute(row, query, SquaredNorm, width);
        }
    }
}
