using System.Runtime.CompilerServices;

namespace NeuroDb;

/// <summary>Turns elements of typed arrays into values and back without boxing numbers.</summary>
internal static class PhysicalValue
{
    /// <summary>The value of an element of a column of that kind.</summary>
    public static Value From<T>(TypeKind kind, T element)
    {
        if (typeof(T) == typeof(long))
        {
            return Value.OfInt64(kind, Unsafe.As<T, long>(ref element));
        }

        if (typeof(T) == typeof(double))
        {
            return Value.OfDouble(kind, Unsafe.As<T, double>(ref element));
        }

        if (typeof(T) == typeof(decimal))
        {
            return Value.Of(Unsafe.As<T, decimal>(ref element));
        }

        if (typeof(T) == typeof(Guid))
        {
            return Value.Of(Unsafe.As<T, Guid>(ref element));
        }

        if (typeof(T) == typeof(ReadOnlyMemory<float>))
        {
            return Value.Of(Unsafe.As<T, ReadOnlyMemory<float>>(ref element));
        }

        if (typeof(T) == typeof(CompactVector))
        {
            return Value.Of(kind, Unsafe.As<T, CompactVector>(ref element));
        }

        if (typeof(T) == typeof(TimeInterval))
        {
            return Value.Of(Unsafe.As<T, TimeInterval>(ref element));
        }

        return element is byte[] bytes
            ? Value.OfBytes(kind, bytes)
            : Value.OfText(kind, (string)(object)element!);
    }

    /// <summary>The element that a value, which is not NULL, becomes in a column.</summary>
    public static T To<T>(Value value)
    {
        if (typeof(T) == typeof(long))
        {
            long element = value.AsInt64();
            return Unsafe.As<long, T>(ref element);
        }

        if (typeof(T) == typeof(double))
        {
            double element = value.AsDouble();
            return Unsafe.As<double, T>(ref element);
        }

        if (typeof(T) == typeof(decimal))
        {
            decimal element = value.AsDecimal();
            return Unsafe.As<decimal, T>(ref element);
        }

        if (typeof(T) == typeof(Guid))
        {
            Guid element = value.AsUuid();
            return Unsafe.As<Guid, T>(ref element);
        }

        if (typeof(T) == typeof(ReadOnlyMemory<float>))
        {
            ReadOnlyMemory<float> element = value.AsVector();
            return Unsafe.As<ReadOnlyMemory<float>, T>(ref element);
        }

        if (typeof(T) == typeof(CompactVector))
        {
            CompactVector element = value.AsCompactVector();
            return Unsafe.As<CompactVector, T>(ref element);
        }

        if (typeof(T) == typeof(TimeInterval))
        {
            TimeInterval element = value.AsInterval();
            return Unsafe.As<TimeInterval, T>(ref element);
        }

        return typeof(T) == typeof(byte[])
            ? (T)(object)value.AsBlob()
            : (T)(object)value.AsText();
    }
}
