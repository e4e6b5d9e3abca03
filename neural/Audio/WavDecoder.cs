using System.Buffers.Binary;

namespace NeuroDb.Neural;

/// <summary>Decodes WAV: PCM, floating point, A-law and mu-law, the channels mixed into one.
/// </summary>
internal static class WavDecoder
{
    // Far above the range of samples, and far below what a sum of squares overflows at.
    private const float SampleMax = 1 << 24;

    private static readonly float[] ALaw = Table(ALawOf);
    private static readonly float[] MuLaw = Table(MuLawOf);

    /// <summary>The sound of these bytes.</summary>
    public static DecodedAudio Decode(ReadOnlySpan<byte> bytes)
    {
        WavHeader header = WavHeader.Read(bytes);
        var samples = new float[header.Samples];
        bool isRight = true;
        float scale = 1f / header.Channels;
        int size = header.Bits / 8;
        ReadOnlySpan<byte> data = bytes[header.DataAt..];
        for (int i = 0; i < samples.Length; i++)
        {
            float sum = 0;
            for (int channel = 0; channel < header.Channels; channel++)
            {
                float sample = Sample(data, header.Encoding, size);
                isRight &= Math.Abs(sample) <= SampleMax;
                sum += sample;
                data = data[size..];
            }

            samples[i] = sum * scale;
        }

        CheckRange(isRight);
        return new DecodedAudio(header.Rate, samples);
    }

    /// <summary>Raises the errors of <see cref="Decode"/> without keeping samples.</summary>
    public static void Verify(ReadOnlySpan<byte> bytes)
    {
        WavHeader header = WavHeader.Read(bytes);
        if (header.Encoding != WavEncoding.Float)
        {
            return;
        }

        int size = header.Bits / 8;
        ReadOnlySpan<byte> data = bytes.Slice(header.DataAt, header.Samples * header.BlockLength);
        bool isRight = true;
        for (; !data.IsEmpty; data = data[size..])
        {
            isRight &= Math.Abs(Sample(data, header.Encoding, size)) <= SampleMax;
        }

        CheckRange(isRight);
    }

    /// <summary>Only floating point can be out of range.</summary>
    private static void CheckRange(bool isRight)
    {
        if (!isRight)
        {
            throw NeuralErrors.MalformedAudio(
                $"the WAV has samples that are no numbers or beyond {SampleMax}");
        }
    }

    private static float Sample(ReadOnlySpan<byte> data, WavEncoding encoding, int size) =>
        (encoding, size) switch
        {
            (WavEncoding.ALaw, _) => ALaw[data[0]],
            (WavEncoding.MuLaw, _) => MuLaw[data[0]],
            (WavEncoding.Float, 4) => BinaryPrimitives.ReadSingleLittleEndian(data),
            (WavEncoding.Float, _) => (float)BinaryPrimitives.ReadDoubleLittleEndian(data),
            (_, 1) => (data[0] - 128) / 128f,
            (_, 2) => BinaryPrimitives.ReadInt16LittleEndian(data) / 32_768f,
            (_, 3) => (((sbyte)data[2] << 16) | (data[1] << 8) | data[0]) / 8_388_608f,
            _ => BinaryPrimitives.ReadInt32LittleEndian(data) / 2_147_483_648f,
        };

    private static float[] Table(Func<int, int> law)
    {
        var table = new float[256];
        for (int code = 0; code < table.Length; code++)
        {
            table[code] = law(code) / 32_768f;
        }

        return table;
    }

    /// <summary>G.711, table 2a: every other bit is inverted, 13 bits come out.</summary>
    private static int ALawOf(int code)
    {
        int bits = code ^ 0x55;
        int mantissa = (bits & 0xF) << 4;
        int exponent = (bits >> 4) & 7;
        int size = exponent == 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1);
        return (bits & 0x80) != 0 ? size : -size;
    }

    /// <summary>G.711, table 2b: all bits are inverted, 14 bits come out.</summary>
    private static int MuLawOf(int code)
    {
        const int Bias = 0x84;
        int bits = ~code & 0xFF;
        int size = ((((bits & 0xF) << 3) + Bias) << ((bits >> 4) & 7)) - Bias;
        return (bits & 0x80) != 0 ? -size : size;
    }
}
