using System.Buffers.Binary;

namespace NeuroDb.Tests.Unit;

/// <summary>Writes WAV files of every kind that the decoder reads.</summary>
internal static class WavFile
{
    /// <summary>A sine of a frequency and a size as 16-bit PCM of one channel.</summary>
    public static byte[] Tone(int rate, int samples, double frequency, double size = 0.5)
    {
        var data = new byte[2 * samples];
        for (int i = 0; i < samples; i++)
        {
            double x = size * Math.Sin(2 * Math.PI * frequency * i / rate);
            BinaryPrimitives.WriteInt16LittleEndian(
                data.AsSpan(2 * i), (short)Math.Round(x * short.MaxValue));
        }

        return Of(1, 16, rate, 1, data);
    }

    /// <summary>A file of samples that are written already.</summary>
    public static byte[] Of(
        int tag, int bits, int rate, int channels, ReadOnlySpan<byte> data, bool extensible = false)
    {
        int format = extensible ? 40 : 16;
        var file = new byte[28 + format + data.Length];
        Span<byte> rest = file;
        "RIFF"u8.CopyTo(rest);
        BinaryPrimitives.WriteInt32LittleEndian(rest[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(rest[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(rest[16..], format);
        rest = rest[20..];
        BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)(extensible ? 0xFFFE : tag));
        BinaryPrimitives.WriteUInt16LittleEndian(rest[2..], (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(rest[4..], rate);
        BinaryPrimitives.WriteInt32LittleEndian(rest[8..], rate * channels * bits / 8);
        BinaryPrimitives.WriteUInt16LittleEndian(rest[12..], (ushort)(channels * bits / 8));
        BinaryPrimitives.WriteUInt16LittleEndian(rest[14..], (ushort)bits);
        if (extensible)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest[16..], 22);
            BinaryPrimitives.WriteUInt16LittleEndian(rest[18..], (ushort)bits);
            BinaryPrimitives.WriteUInt16LittleEndian(rest[24..], (ushort)tag);
            ReadOnlySpan<byte> tail = [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113];
            tail.CopyTo(rest[26..]);
        }

        rest = rest[format..];
        "data"u8.CopyTo(rest);
        BinaryPrimitives.WriteInt32LittleEndian(rest[4..], data.Length);
        data.CopyTo(rest[8..]);
        return file;
    }
}
