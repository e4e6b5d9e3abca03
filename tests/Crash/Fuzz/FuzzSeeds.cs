using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace NeuroDb.Tests.Crash;

/// <summary>Small files of each format, made here or kept beside this file.</summary>
internal static class FuzzSeeds
{
    /// <summary>A file of the folder Seeds, which keeps it as text in base 64.</summary>
    public static byte[] Kept(string name)
    {
        using Stream stream = typeof(FuzzSeeds).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"There is no seed {name}.");
        using var reader = new StreamReader(stream);
        return Convert.FromBase64String(reader.ReadToEnd());
    }

    /// <summary>A PNG of 7 x 5 pixels.</summary>
    public static byte[] Png(byte colourType, byte depth, bool isInterlaced)
    {
        int samples = colourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        // The rows of an interlaced image are of many lengths: each byte can be a filter.
        int bound = isInterlaced ? 5 : depth < 8 ? 64 : 256;
        using var packed = new MemoryStream();
        using (var deflater = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            // Enough for any order of the rows; the rest is not read.
            for (int row = 0; row < 24; row++)
            {
                deflater.WriteByte((byte)(row % 5));
                for (int i = 0; i < ((7 * samples * depth) + 7) / 8; i++)
                {
                    deflater.WriteByte((byte)(row * 31 * (i + 1) % bound));
                }
            }
        }

        byte[] header =
            [0, 0, 0, 7, 0, 0, 0, 5, depth, colourType, 0, 0, (byte)(isInterlaced ? 1 : 0)];
        byte[] file =
        [
            0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header),
            .. colourType == 3 ? Chunk("PLTE", new byte[48 * 3]) : [],
            .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", []),
        ];
        MendPng(file);
        return file;
    }

    /// <summary>Writes the checksums of all chunks that are whole.</summary>
    public static void MendPng(byte[] file)
    {
        for (long at = 8; at + 12 <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));
            if (length > file.Length - at - 12)
            {
                return;
            }

            uint crc = uint.MaxValue;
            foreach (byte value in file.AsSpan((int)at + 4, (int)length + 4))
            {
                crc ^= value;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
                }
            }

            BinaryPrimitives.WriteUInt32BigEndian(
                file.AsSpan((int)(at + 8 + length)), ~crc);
            at += 12 + length;
        }
    }

    /// <summary>A BMP of 5 x 3 pixels.</summary>
    public static byte[] Bmp(ushort bits)
    {
        int colours = bits <= 8 ? 1 << bits : 0;
        int rowLength = ((5 * bits) + 31) / 32 * 4;
        var file = new byte[54 + (4 * colours) + (3 * rowLength)];
        "BM"u8.CopyTo(file);
        file[10] = (byte)(54 + (4 * colours));
        file[11] = (byte)((54 + (4 * colours)) >> 8);
        file[14] = 40;
        file[18] = 5;
        file[22] = 3;
        file[26] = 1;
        file[28] = (byte)bits;
        return file;
    }

    /// <summary>A WAV of some samples.</summary>
    public static byte[] Wav(byte tag, byte bits, byte channels)
    {
        const int Samples = 30;
        int block = channels * bits / 8;
        var data = new byte[Samples * block];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = (byte)(tag == 3 ? 0x3E : i * 37);
        }

        byte[] file =
        [
            .. "RIFF\0\0\0\0WAVEfmt \u0010\0\0\0"u8, tag, 0, channels, 0, 0x40, 0x1F, 0, 0,
            0, 0, 0, 0, (byte)block, 0, bits, 0, .. "data\0\0\0\0"u8, .. data,
        ];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), data.Length);
        return file;
    }

    /// <summary>A NumPy file of three vectors.</summary>
    public static byte[] Npy(string type, int elementBytes, string shape, bool isFortran)
    {
        string header =
            $"{{'descr': '{type}', 'fortran_order': {isFortran}, 'shape': ({shape}), }}\n";
        byte[] text = Encoding.ASCII.GetBytes(header);
        return
        [
            0x93, .. "NUMPY\u0001\0"u8, (byte)text.Length, (byte)(text.Length >> 8), .. text,
            .. new byte[12 * elementBytes],
        ];
    }

    /// <summary>A safetensors file of two tensors.</summary>
    public static byte[] Safetensors()
    {
        byte[] text = Encoding.ASCII.GetBytes(
            "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[3,4],\"data_offsets\":[0,48]},"
            + "\"b\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[48,56]}}");
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. new byte[56]];
    }

    /// <summary>Models as EXPORT writes them.</summary>
    public static byte[][] Models(string format)
    {
        string folder = Directory.CreateTempSubdirectory("seeds").FullName;
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute(
            "CREATE TABLE t (a DOUBLE PRECISION, b DOUBLE PRECISION, c TEXT, p IMAGE(6,6,1))");
        for (int i = 0; i < 24; i++)
        {
            byte[] image = [.. "P5 6 6 255\n"u8, .. new byte[36]];
            image[^(1 + i)] = 255;
            database.Execute(
                "INSERT INTO t VALUES (?, ?, ?, ?)",
                i, i * i % 7, i % 2 == 0 ? "even" : "odd", image);
        }

        database.Execute(
            "CREATE MODEL m0 PREDICT c USING mlp(3) WITH (epochs = 1) AS SELECT a, b, c FROM t; "
            + "CREATE MODEL m1 PREDICT c USING lenet5(width = 0.2) WITH (epochs = 1) AS "
            + "SELECT p, c FROM t");
        var files = new byte[2][];
        if (format == "native")
        {
            files = new byte[4][];
            database.Execute(
                "CREATE TABLE s (a TEXT); INSERT INTO s SELECT 'some words of row ' || v FROM "
                + "generate_series(1, 40) AS g(v); "
                + "CREATE MODEL m2 TYPE embedder USING lsa(2) WITH (tokenizer = 'bpe', "
                + "vocabulary = 280) AS SELECT a FROM s; "
                + "CREATE MODEL m3 TYPE embedder USING skipgram(2) WITH (tokenizer = 'unigram', "
                + "vocabulary = 280) AS SELECT a FROM s");
        }

        for (int i = 0; i < files.Length; i++)
        {
            string file = Path.Combine(folder, $"{i}");
            database.Execute($"EXPORT MODEL m{i} TO '{file}' FORMAT {format}");
            files[i] = File.ReadAllBytes(file);
        }

        Directory.Delete(folder, recursive: true);
        return files;
    }

    /// <summary>Writes the checksum of the header of a model, if that is whole.</summary>
    public static void MendModel(byte[] file)
    {
        long length = file.Length < 20
            ? -1 : BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(8));
        if (length >= 0 && length <= file.Length - 20)
        {
            int end = 16 + (int)length;
            BinaryPrimitives.WriteUInt32LittleEndian(
                file.AsSpan(end), Crc32C.Compute(file.AsSpan(0, end)));
        }
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        return [.. length, .. Encoding.ASCII.GetBytes(type), .. content, 0, 0, 0, 0];
    }
}
