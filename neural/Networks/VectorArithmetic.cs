using System.Numerics;
using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>Sums of arrays, number by number.</summary>
internal static class VectorArithmetic
{
    /// <summary>target += source.</summary>
    public static void Add(ReadOnlySpan<float> source, Span<float> target)
    {
        Invariant.Check(source.Length == target.Length);
        ReadOnlySpan<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(source);
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (int i = 0; i < wide.Length; i++)
        {
            sums[i] += wide[i];
        }

        for (int i = wide.Length * Vector<float>.Count; i < source.Length; i++)
        {
            target[i] += source[i];
        }
    }

    /// <summary>target = max(left + right, 0).</summary>
    public static void AddRectified(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> target)
    {
        Invariant.Check(left.Length == right.Length && left.Length == target.Length);
        ReadOnlySpan<Vector<float>> first = MemoryMarshal.Cast<float, Vector<float>>(left);
        ReadOnlySpan<Vector<float>> second = MemoryMarshal.Cast<float, Vector<float>>(right);
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (int i = 0; i < first.Length; i++)
        {
            sums[i] = Vector.Max(first[i] + second[i], Vector<float>.Zero);
        }

        for (int i = first.Length * Vector<float>.Count; i < left.Length; i++)
        {
            target[i] = MathF.Max(left[i] + right[i], 0);
        }
    }

    /// <summary>target *= factor.</summary>
    public static void Scale(Span<float> target, float factor)
    {
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] *= factor;
        }

        for (int i = wide.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] *= factor;
        }
    }

    /// <summary>target += factor * source.</summary>
    public static void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> target)
    {
        Invariant.Check(source.Length == target.Length);
        ReadOnlySpan<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(source);
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(target);
        var factors = new Vector<float>(factor);
        for (int i = 0; i < wide.Length; i++)
        {
            sums[i] += factors * wide[i];
        }

        for (int i = wide.Length * Vector<float>.Count; i < source.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }

    /// <summary>The sum of products, in double precision.</summary>
    public static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Invariant.Check(left.Length == right.Length);
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += (double)left[i] * right[i];
        }

        return sum;
    }

    /// <summary>The sum of products, in single precision and in the order of registers.</summary>
    public static float Product(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Invariant.Check(left.Length == right.Length);
        ReadOnlySpan<Vector<float>> first = MemoryMarshal.Cast<float, Vector<float>>(left);
        ReadOnlySpan<Vector<float>> second = MemoryMarshal.Cast<float, Vector<float>>(right);
        Vector<float> sums = Vector<float>.Zero;
        for (int i = 0; i < first.Length; i++)
        {
            sums += first[i] * second[i];
        }

        float sum = Vector.Sum(sums);
        for (int i = first.Length * Vector<float>.Count; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    /// <summary>target / |target|; zeros stay zeros.</summary>
    public static void Normalize(Span<float> target)
    {
        double squares = SquaredNorm(target);
        Scale(target, squares > 0 ? (float)(1 / Math.Sqrt(squares)) : 0);
    }

    /// <summary>The sum of squares, in double precision.</summary>
    public static double SquaredNorm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum;
    }
}
