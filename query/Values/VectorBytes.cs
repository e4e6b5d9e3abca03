using System.Buffers.Binary;

namespace NeuroDb.Query;

/// <summary>
/// Reads vectors out of bytes as programs keep them: elements one after the other, the lowest byte
/// of each first.
/// </summary>
internal static class VectorBytes
{
    /// <summary>
    /// The vector; of the dimension of the type, or of as many elements as there are.
    /// </summary>
    /// <exception cref="NeuroStoreException">
    /// The bytes are not those of such a vector.
    /// </exception>
    public static Value Read(
        ReadOnlySpan<byte> bytes, DataType type, SourcePosition position)
    {
        if (type.Kind == TypeKind.BitVector)
        {
            return VectorConverter.OfBytes(bytes, type.Length, position);
        }

        int size = type.Kind switch
        {
            TypeKind.Vector => sizeof(float),
            TypeKind.HalfVector => 2,
            _ => 1,
        };
        if (bytes.Length % size != 0)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"An element of {DataType.VectorOf(type.Kind, 0)} takes {size} bytes; "
                + $"{bytes.Length} bytes are no such vector.",
                position);
        }

        var numbers = new float[bytes.Length / size];
        VectorText.CheckDimension(numbers.Length, type.Length, position);
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> element = bytes.Slice(i * size, size);
            numbers[i] = type.Kind switch
            {
                TypeKind.Vector => BinaryPrimitives.ReadSingleLittleEndian(element),
                TypeKind.HalfVector => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                _ => (sbyte)element[0],
            };
            if (!float.IsFinite(numbers[i]))
            {
                throw new NeuroStoreException(
                    ErrorCode.NonFiniteVector,
                    $"Element {i + 1} of the vector is {numbers[i]}, no finite number.",
                    position);
            }
        }

        return VectorConverter.OfNumbers(numbers, type.Kind, CastKind.Assignment, position);
    }
}
