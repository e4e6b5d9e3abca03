using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Equality and hash of single elements as keys see them: numbers by value (0.0 equals -0.0, NaN
/// equals NaN, 1.0 equals 1.00 as DECIMAL), text by code points, blobs and arrays by bytes,
/// intervals by their span. The key runs of
/// segment files store the hashes: they are part of the format and never change.
/// </summary>
internal static class Element
{
    /// <summary>Whether two elements are the same key value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Same<T>(T left, T right)
    {
        if (typeof(T) == typeof(long))
        {
            return Unsafe.As<T, long>(ref left) == Unsafe.As<T, long>(ref right);
        }

        if (typeof(T) == typeof(byte[]))
        {
            return ((byte[])(object)left!).AsSpan().SequenceEqual((byte[])(object)right!);
        }

        if (typeof(T) == typeof(string))
        {
            return string.Equals((string)(object)left!, (string)(object)right!);
        }

        return EqualityComparer<T>.Default.Equals(left, right);
    }

    /// <summary>A hash that is equal for elements that are <see cref="Same{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash<T>(T element)
    {
        if (typeof(T) == typeof(long))
        {
            return Hash64.Mix((ulong)Unsafe.As<T, long>(ref element));
        }

        if (typeof(T) == typeof(double))
        {
            double number = Unsafe.As<T, double>(ref element);
            return Hash64.Of(double.IsNaN(number) ? double.NaN : number);
        }

        if (typeof(T) == typeof(string))
        {
            return Hash64.Of((string)(object)element!);
        }

        if (typeof(T) == typeof(byte[]))
        {
            return Hash64.Of((byte[])(object)element!);
        }

        if (typeof(T) == typeof(decimal))
        {
            return Hash(Unsafe.As<T, decimal>(ref element));
        }

        if (typeof(T) == typeof(Guid))
        {
            Guid uuid = Unsafe.As<T, Guid>(ref element);
            return Hash64.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in uuid)));
        }

        if (typeof(T) == typeof(TimeInterval))
        {
            Int128 span = Unsafe.As<T, TimeInterval>(ref element).Span;
            return Hash64.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<Int128>(in span)));
        }

        throw Invariant.Broken("a vector is no key");
    }

    // Equal decimals of different scales have the same digits once the zeros behind them are gone.
    private static ulong Hash(decimal number)
    {
        if (number == 0)
        {
            return Hash64.Mix(0);
        }

        // Dividing by a one of the largest scale gives the smallest scale.
        decimal shortest = number / 1.0000000000000000000000000000m;
        return Hash64.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<decimal>(in shortest)));
    }

    /// <summary>Whether elements are as many bytes as they say: texts and blobs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasBytes<T>() =>
        typeof(T) == typeof(string) || typeof(T) == typeof(byte[]);

    /// <summary>The bytes of a text, as UTF-16, or of a blob; none of a null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> BytesOf<T>(T element)
    {
        Invariant.Check(HasBytes<T>());
        return typeof(T) == typeof(string)
            ? MemoryMarshal.AsBytes(((string?)(object?)element).AsSpan())
            : (byte[]?)(object?)element;
    }

    /// <summary>The text or the blob of such bytes, which are copied.</summary>
    public static T Of<T>(ReadOnlySpan<byte> bytes)
    {
        Invariant.Check(HasBytes<T>());
        return typeof(T) == typeof(string)
            ? (T)(object)new string(MemoryMarshal.Cast<byte, char>(bytes))
            : (T)(object)bytes.ToArray();
    }

    /// <summary>
    /// The element itself, or a copy of one that is part of memory that is used again. Blobs were
    /// copied where they entered the engine, and nobody changes them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Own<T>(T element)
    {
        if (typeof(T) == typeof(ReadOnlyMemory<float>))
        {
            ReadOnlyMemory<float> copy =
                Unsafe.As<T, ReadOnlyMemory<float>>(ref element).ToArray();
            return Unsafe.As<ReadOnlyMemory<float>, T>(ref copy);
        }

        if (typeof(T) == typeof(CompactVector))
        {
            CompactVector copy = Unsafe.As<T, CompactVector>(ref element).Copy();
            return Unsafe.As<CompactVector, T>(ref copy);
        }

        return element;
    }

    /// <summary>The bytes that an element takes beside its place in an array, roughly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ExtraSizeBytes<T>(T element)
    {
        if (typeof(T) == typeof(string))
        {
            return element is null ? 0 : ((string)(object)element).Length * 3L;
        }

        if (typeof(T) == typeof(byte[]))
        {
            return element is null ? 0 : ((byte[])(object)element).Length;
        }

        if (typeof(T) == typeof(CompactVector))
        {
            return Unsafe.As<T, CompactVector>(ref element).Bytes.Length;
        }

        return typeof(T) == typeof(ReadOnlyMemory<float>)
            ? Unsafe.As<T, ReadOnlyMemory<float>>(ref element).Length * 4L
            : 0;
    }
}
