using System.Buffers.Binary;
using System.Text;

namespace NeuroDb.Neural;

/// <summary>
/// Reads the fields of one message of protocol buffers, for hostile bytes: a length is compared
/// with what is left before anything depends on it, and nothing is allocated here.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private const int VariableSize = 0;
    private const int EightBytes = 1;
    private const int Delimited = 2;
    private const int FourBytes = 5;
    private const int VariableSizeMax = 10;
    private ReadOnlySpan<byte> _rest = bytes;
    private int _wire;

    /// <summary>The number of the field that comes next; false at the end.</summary>
    public bool Next(out int field)
    {
        field = 0;
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong tag = Variable();
        _wire = (int)(tag & 7);
        field = tag >> 3 is > 0 and <= (1 << 29) - 1
            ? (int)(tag >> 3)
            : throw NeuralErrors.MalformedOnnx("a field has no number");
        return true;
    }

    /// <summary>A whole number.</summary>
    public long Number()
    {
        Expect(VariableSize);
        return unchecked((long)Variable());
    }

    /// <summary>A float.</summary>
    public float Single()
    {
        Expect(FourBytes);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
    }

    /// <summary>Bytes with a length.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Expect(Delimited);
        return Take(Variable());
    }

    /// <summary>A text; what is no UTF-8 becomes U+FFFD.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Adds one whole number, or all of a packed field.</summary>
    public void Numbers(List<long> values)
    {
        if (_wire != Delimited)
        {
            values.Add(Number());
            return;
        }

        var packed = new ProtobufReader(Bytes());
        while (!packed._rest.IsEmpty)
        {
            values.Add(unchecked((long)packed.Variable()));
        }
    }

    /// <summary>Adds one float, or all of a packed field.</summary>
    public void Singles(List<float> values)
    {
        if (_wire != Delimited)
        {
            values.Add(Single());
            return;
        }

        ReadOnlySpan<byte> packed = Bytes();
        if (packed.Length % sizeof(float) != 0)
        {
            throw NeuralErrors.MalformedOnnx("packed floats end early");
        }

        for (int i = 0; i < packed.Length; i += sizeof(float))
        {
            values.Add(BinaryPrimitives.ReadSingleLittleEndian(packed[i..]));
        }
    }

    /// <summary>Passes over the field.</summary>
    public void Skip()
    {
        switch (_wire)
        {
            case VariableSize:
                Variable();
                break;
            case EightBytes:
                Take(sizeof(long));
                break;
            case Delimited:
                Take(Variable());
                break;
            case FourBytes:
                Take(sizeof(int));
                break;
            default:
                throw NeuralErrors.MalformedOnnx($"a field of the unknown kind {_wire}");
        }
    }

    private readonly void Expect(int wire)
    {
        if (_wire != wire)
        {
            throw NeuralErrors.MalformedOnnx($"a field is of the kind {_wire}, not {wire}");
        }
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw NeuralErrors.MalformedOnnx(
                $"{length} bytes should follow, but {_rest.Length} are left");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ulong Variable()
    {
        ulong value = 0;
        for (int i = 0; i < VariableSizeMax; i++)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw NeuralErrors.MalformedOnnx("a number has more than ten bytes");
    }
}
