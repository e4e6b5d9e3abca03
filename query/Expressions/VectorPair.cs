using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// The distance of two vectors, each of any type. Vectors of one type are compared as they are, and
/// so are halves with floats; others as the numbers that they hold. What a plan ranks by, and what
/// an expression gives, are the same function.
/// </summary>
internal static class VectorPair
{
    /// <summary>The distance of two vectors of one dimension.</summary>
    public static double Distance(Metric metric, Value left, Value right)
    {
        if (left.Kind == TypeKind.Vector)
        {
            return right.Kind == TypeKind.Vector
                ? Gpu.Distance.Compute(metric, left.AsVector().Span, right.AsVector().Span)
                : Distance(metric, right.Kind, right.AsCompactVector().Bytes.Span, left);
        }

        return Distance(metric, left.Kind, left.AsCompactVector().Bytes.Span, right);
    }

    /// <summary>The distance of a compact vector, given by its bytes, and any other.</summary>
    public static double Distance(
        Metric metric, TypeKind kind, ReadOnlySpan<byte> bytes, Value other)
    {
        if (other.Kind == kind)
        {
            ReadOnlySpan<byte> others = other.AsCompactVector().Bytes.Span;
            return kind switch
            {
                TypeKind.HalfVector => Gpu.Distance.Compute<Half, Half>(
                    metric,
                    MemoryMarshal.Cast<byte, Half>(bytes),
                    MemoryMarshal.Cast<byte, Half>(others)),
                TypeKind.Int8Vector => Gpu.Distance.Compute<sbyte, sbyte>(
                    metric,
                    MemoryMarshal.Cast<byte, sbyte>(bytes),
                    MemoryMarshal.Cast<byte, sbyte>(others)),
                _ => Gpu.Distance.Compute<byte, byte>(metric, bytes, others),
            };
        }

        if (kind == TypeKind.HalfVector && other.Kind == TypeKind.Vector)
        {
            return Gpu.Distance.Compute<Half, float>(
                metric, MemoryMarshal.Cast<byte, Half>(bytes), other.AsVector().Span);
        }

        var numbers = new float[other.VectorDimension];
        CompactVector.Widen(kind, bytes, numbers);
        return Gpu.Distance.Compute(metric, numbers, VectorConverter.NumbersOf(other).Span);
    }
}
