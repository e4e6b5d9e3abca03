using System.Buffers;

namespace NeuroDb.Query;

/// <summary>
/// Arrays as bytes whose order is that of the arrays: element by element, NULL behind every value,
/// shorter first; equal arrays have equal bytes. So everything that orders, hashes and stores bytes
/// does so with arrays. The first byte is the kind of the elements; then they follow as
/// <see cref="NestedBytes"/> writes them.
/// </summary>
internal static class ArrayCodec
{
    /// <summary>The array of values, each of the kind or NULL.</summary>
    public static byte[] Encode(TypeKind element, IEnumerable<Value> values)
    {
        var writer = new ArrayBufferWriter<byte>();
        NestedBytes.Put(writer, (byte)element);
        foreach (Value value in values)
        {
            NestedBytes.Write(writer, element, value);
        }

        return NestedBytes.Take(writer, "An array");
    }

    /// <summary>The array as a value.</summary>
    public static Value ToValue(TypeKind element, IEnumerable<Value> values) =>
        Value.OfBytes(TypeKind.Array, Encode(element, values));

    /// <summary>The kind of the elements.</summary>
    public static TypeKind ElementOf(byte[] array) => (TypeKind)array[0];

    /// <summary>How many elements.</summary>
    public static int CountOf(byte[] array)
    {
        int width = NestedBytes.WidthOf(ElementOf(array));
        if (width > 0)
        {
            return (array.Length - 1) / (width + 1);
        }

        int count = 0;
        for (int at = 1; at < array.Length; at = EndOf(array, at))
        {
            count++;
        }

        return count;
    }

    /// <summary>All elements.</summary>
    public static List<Value> Decode(byte[] array)
    {
        var values = new List<Value>();
        for (int at = 1; at < array.Length; at = EndOf(array, at))
        {
            values.Add(NestedBytes.Read(ElementOf(array), array, at));
        }

        return values;
    }

    /// <summary>An element by its place from 1; NULL where there is none.</summary>
    public static Value ElementAt(byte[] array, long place)
    {
        int at = OffsetOf(array, place);
        return at < array.Length ? NestedBytes.Read(ElementOf(array), array, at) : Value.Null;
    }

    /// <summary>The elements of some places; both are of the slice.</summary>
    public static byte[] Slice(byte[] array, long first, long last)
    {
        int start = OffsetOf(array, Math.Max(first, 1));
        int end = last < 1
            ? start
            : Math.Max(start, OffsetOf(array, Math.Min(last, int.MaxValue) + 1));
        return [array[0], .. array.AsSpan(start, end - start)];
    }

    /// <summary>Both one behind the other; the elements are of one kind.</summary>
    public static byte[] Concatenate(byte[] left, byte[] right)
    {
        Invariant.Check(left[0] == right[0]);
        return [.. left, .. right.AsSpan(1)];
    }

    private static int OffsetOf(byte[] array, long place)
    {
        int width = NestedBytes.WidthOf(ElementOf(array));
        if (place < 1)
        {
            return array.Length;
        }

        if (width > 0)
        {
            return (int)Int128.Min(array.Length, 1 + ((Int128)(place - 1) * (width + 1)));
        }

        int at = 1;
        for (long i = 1; i < place && at < array.Length; i++)
        {
            at = EndOf(array, at);
        }

        return at;
    }

    private static int EndOf(byte[] array, int at) =>
        NestedBytes.EndOf(ElementOf(array), array, at);
}
