using System.Runtime.CompilerServices;

namespace NeuroDb;

/// <summary>
/// References among the elements of a column: texts and byte arrays may be some, other physical
/// types never are, and the checks for them compile to nothing.
/// </summary>
internal static class LargeElement
{
    /// <summary>Whether elements of a type may be references.</summary>
    public static bool IsPossible<T>() =>
        typeof(T) == typeof(byte[]) || typeof(T) == typeof(string);

    /// <summary>Whether an element has the form of a reference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsForm<T>(T element) =>
        typeof(T) == typeof(byte[]) ? LargeReference.IsForm((byte[]?)(object?)element)
        : typeof(T) == typeof(string) && LargeReference.IsForm((string?)(object?)element);

    /// <summary>Whether any element has the form of a reference.</summary>
    public static bool HasForm<T>(ReadOnlySpan<T> elements)
    {
        if (!IsPossible<T>())
        {
            return false;
        }

        foreach (T element in elements)
        {
            if (IsForm(element))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a reference; false if the element is none.</summary>
    public static bool TryParse<T>(T element, out LargeReference reference)
    {
        if (typeof(T) == typeof(byte[]))
        {
            return LargeReference.TryParse((byte[]?)(object?)element, out reference);
        }

        if (typeof(T) == typeof(string))
        {
            return LargeReference.TryParse((string?)(object?)element, out reference);
        }

        reference = default;
        return false;
    }

    /// <summary>The element that stands for a value.</summary>
    public static T Of<T>(in LargeReference reference) => typeof(T) == typeof(byte[])
        ? (T)(object)reference.ToBlob()
        : (T)(object)reference.ToText();

    /// <summary>The whole value that an element stands for.</summary>
    public static T Read<T>(
        in LargeReference reference,
        ILargeValues source,
        long sizeBytesMax = Limits.ValueSizeBytesMax)
    {
        var value = new LargeValue(reference, source);
        return typeof(T) == typeof(byte[])
            ? (T)(object)value.ReadBytes(sizeBytesMax)
            : (T)(object)value.ReadText(sizeBytesMax);
    }

    /// <summary>The elements with all values read.</summary>
    public static T[] ReadAll<T>(ReadOnlySpan<T> elements, ILargeValues source)
    {
        long size = 0;
        foreach (T element in elements)
        {
            size += TryParse(element, out LargeReference reference) ? reference.SizeBytes : 0;
        }

        LargeValue.CheckSize(size, Limits.ValueSizeBytesMax);
        T[] read = elements.ToArray();
        for (int i = 0; i < read.Length; i++)
        {
            if (TryParse(read[i], out LargeReference reference))
            {
                read[i] = Read<T>(reference, source);
            }
        }

        return read;
    }
}
