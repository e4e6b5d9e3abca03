using System.Buffers.Binary;
using System.Text;

namespace NeuroDb.Neural;

/// <summary>
/// Reads what <see cref="ByteWriter"/> wrote. Every length is compared with what is left before
/// anything is allocated for it.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private const int TextLengthMax = 1 << 24;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>Refuses to go on unless so many bytes are left.</summary>
    public readonly void Require(long length)
    {
        if (length < 0 || length > _rest.Length)
        {
            throw NeuralErrors.MalformedModel(
                $"{length} bytes should follow, but {_rest.Length} are left");
        }
    }

    /// <summary>A whole number.</summary>
    public long Number() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    /// <summary>A double.</summary>
    public double Double() => BitConverter.Int64BitsToDouble(Number());

    /// <summary>A float.</summary>
    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Bytes(4));

    /// <summary>A number from 0 to a limit.</summary>
    public int Count(int max)
    {
        long count = Number();
        return count >= 0 && count <= max
            ? (int)count
            : throw NeuralErrors.MalformedModel($"a count of {count} exceeds {max}");
    }

    /// <summary>A value of an enumeration.</summary>
    public T Choice<T>()
        where T : struct, Enum
    {
        var choice = (T)Enum.ToObject(typeof(T), Count(1 << 20));
        return Enum.IsDefined(choice)
            ? choice : throw NeuralErrors.MalformedModel($"{choice} is no {typeof(T).Name}");
    }

    /// <summary>A text.</summary>
    public string Text()
    {
        int length = Count(TextLengthMax);
        return Encoding.UTF8.GetString(Bytes(length));
    }

    /// <summary>Bytes as they are.</summary>
    public ReadOnlySpan<byte> Bytes(int length)
    {
        Require(length);
        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
