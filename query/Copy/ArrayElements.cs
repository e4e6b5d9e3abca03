using System.Runtime.InteropServices;

namespace NeuroDb.Query;

/// <summary>Turns the elements of binary files into numbers of the engine.</summary>
internal static class ArrayElements
{
    /// <summary>The elements as 32-bit floats.</summary>
    public static void Read(ElementKind kind, ReadOnlySpan<byte> bytes, Span<float> elements)
    {
        Invariant.Check(BitConverter.IsLittleEndian);
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = kind == ElementKind.Single
                ? MemoryMarshal.Cast<byte, float>(bytes)[i]
                : (float)Number(kind, bytes, i);
        }
    }

    /// <summary>One element as a value: DOUBLE PRECISION or BIGINT.</summary>
    public static Value ValueAt(ElementKind kind, ReadOnlySpan<byte> bytes, int ordinal) =>
        kind switch
        {
            ElementKind.Half or ElementKind.BrainFloat or ElementKind.Single
                or ElementKind.Double =>
                Value.Of(Number(kind, bytes, ordinal)),
            ElementKind.Int64 => Value.Of(MemoryMarshal.Cast<byte, long>(bytes)[ordinal]),
            _ => Value.Of((long)Number(kind, bytes, ordinal)),
        };

    private static double Number(ElementKind kind, ReadOnlySpan<byte> bytes, int i) =>
        kind switch
        {
            ElementKind.Half => (double)MemoryMarshal.Cast<byte, Half>(bytes)[i],
            ElementKind.BrainFloat => BitConverter.Int32BitsToSingle(
                MemoryMarshal.Cast<byte, ushort>(bytes)[i] << 16),
            ElementKind.Single => MemoryMarshal.Cast<byte, float>(bytes)[i],
            ElementKind.Double => MemoryMarshal.Cast<byte, double>(bytes)[i],
            ElementKind.SByte => (sbyte)bytes[i],
            ElementKind.Byte => bytes[i],
            ElementKind.Int16 => MemoryMarshal.Cast<byte, short>(bytes)[i],
            ElementKind.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[i],
            _ => MemoryMarshal.Cast<byte, long>(bytes)[i],
        };
}
