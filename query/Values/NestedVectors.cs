using System.Buffers.Binary;

namespace NeuroDb.Query;

/// <summary>Vectors inside arrays as bytes that order as they do, element by element.</summary>
internal static class NestedVectors
{
    /// <summary>The bytes of a vector.</summary>
    public static byte[] Write(Value value)
    {
        if (value.Kind == TypeKind.Vector)
        {
            ReadOnlySpan<float> floats = value.AsVector().Span;
            var bytes = new byte[floats.Length * sizeof(float)];
            for (int i = 0; i < floats.Length; i++)
            {
                int bits = BitConverter.SingleToInt32Bits(floats[i] + 0f);
                BinaryPrimitives.WriteInt32BigEndian(
                    bytes.AsSpan(i * sizeof(float)), bits < 0 ? ~bits : bits ^ int.MinValue);
            }

            return bytes;
        }

        CompactVector vector = value.AsCompactVector();
        switch (value.Kind)
        {
            case TypeKind.HalfVector:
                var halves = new byte[vector.Dimension * sizeof(short)];
                for (int i = 0; i < vector.Dimension; i++)
                {
                    short bits = BitConverter.HalfToInt16Bits(vector.Halves[i] + Half.Zero);
                    BinaryPrimitives.WriteInt16BigEndian(
                        halves.AsSpan(i * sizeof(short)),
                        (short)(bits < 0 ? ~bits : bits ^ short.MinValue));
                }

                return halves;
            case TypeKind.Int8Vector:
                return [.. vector.Int8s.ToArray().Select(static one => (byte)(one ^ 0x80))];
            default:
                var single = new byte[vector.Dimension];
                for (int i = 0; i < single.Length; i++)
                {
                    single[i] = (byte)(1 + ((vector.Bytes.Span[i / 8] >> (i % 8)) & 1));
                }

                return single;
        }
    }

    /// <summary>The vector that <see cref="Write"/> made the bytes of.</summary>
    public static Value Read(TypeKind kind, byte[] bytes)
    {
        switch (kind)
        {
            case TypeKind.Vector:
                var floats = new float[bytes.Length / sizeof(float)];
                for (int i = 0; i < floats.Length; i++)
                {
                    int bits = BinaryPrimitives.ReadInt32BigEndian(
                        bytes.AsSpan(i * sizeof(float)));
                    floats[i] = BitConverter.Int32BitsToSingle(
                        bits < 0 ? bits ^ int.MinValue : ~bits);
                }

                return Value.Of(floats.AsMemory());
            case TypeKind.HalfVector:
                var halves = new byte[bytes.Length];
                for (int i = 0; i < halves.Length; i += sizeof(short))
                {
                    short bits = BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(i));
                    BitConverter.TryWriteBytes(
                        halves.AsSpan(i), (short)(bits < 0 ? bits ^ short.MinValue : ~bits));
                }

                return Value.Of(kind, new CompactVector(halves, halves.Length / sizeof(short)));
            case TypeKind.Int8Vector:
                return Value.Of(kind, new CompactVector(
                    bytes.Select(static one => (byte)(one ^ 0x80)).ToArray(), bytes.Length));
            default:
                var packed = new byte[(bytes.Length + 7) / 8];
                for (int i = 0; i < bytes.Length; i++)
                {
                    packed[i / 8] |= (byte)((bytes[i] - 1) << (i % 8));
                }

                return Value.Of(kind, new CompactVector(packed, bytes.Length));
        }
    }
}
