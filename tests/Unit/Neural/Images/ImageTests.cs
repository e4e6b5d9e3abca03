using System.Buffers.Binary;
using System.IO.Compression;
using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Image decoders on files made here, whole and damaged, and resizing.</summary>
public sealed class ImageTests
{
    [Theory]
    [InlineData(0, 8, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 4, 1)]
    [InlineData(0, 16, 1)]
    [InlineData(2, 8, 3)]
    [InlineData(3, 2, 3)]
    [InlineData(4, 8, 2)]
    [InlineData(6, 16, 4)]
    public void Png_of_every_kind_and_filter_is_decoded(int type, int depth, int channels)
    {
        byte[] file = Png(type, depth, out byte[] samples);
        DecodedImage image = ImageDecoder.Decode(file);
        Assert.Equal((7, 5, channels), (image.Width, image.Height, image.Channels));
        int perPixel = samples.Length / 35;
        for (int i = 0; i < samples.Length; i++)
        {
            int max = depth >= 8 ? 255 : (1 << depth) - 1;
            byte expected = type == 3 ? (byte)(samples[i] * 10) : (byte)(samples[i] * 255 / max);
            Assert.Equal(expected, image.Pixels[(i / perPixel * channels) + (i % perPixel)]);
        }
    }

    [Fact]
    public void A_damaged_or_cut_image_is_refused_and_never_more()
    {
        byte[] png = Png(2, 8, out _);
        foreach (byte[] file in (byte[][])[png, Bmp(), "P5 3 2 255\nabcdef"u8.ToArray()])
        {
            ImageDecoder.Decode(file);
            for (int i = 0; i < file.Length; i++)
            {
                Refuse(file[..i]);
                byte[] changed = [.. file];
                changed[i] ^= 0x81;
                Refuse(changed, file == png && i < png.Length - 4);
            }
        }

        byte[] palette = new byte[78];
        Convert.FromHexString("424D00000000000000003E000000530000000500000003000000010001")
            .CopyTo(palette, 0);
        Refuse(palette, true);
        Refuse("P5 99999 99999 255\n"u8.ToArray(), true);
        Refuse([], true);
    }

    [Fact]
    public void Bmp_and_pnm_are_decoded()
    {
        DecodedImage bmp = ImageDecoder.Decode(Bmp());
        Assert.Equal([30, 20, 10, 60, 50, 40, 3, 2, 1, 6, 5, 4], bmp.Pixels);
        Assert.Equal([0, 128, 255, 255], ImageDecoder.Decode("P2 # x\n2 2 2 0 1 2 2"u8).Pixels);
        Assert.Equal([1, 2, 3], ImageDecoder.Decode([.. "P6 1 1 255\n"u8, 1, 2, 3]).Pixels);
        Assert.Equal([0, 255, 0], ImageDecoder.Decode([.. "P4 3 1\n"u8, 0b1010_0000]).Pixels);
        Assert.Equal([255, 0], ImageDecoder.Decode("P1 2 1 01"u8).Pixels);
    }

    [Fact]
    public void An_idx_file_is_read_where_it_lies_and_never_past_its_end()
    {
        byte[] file = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4];
        IdxFile read = IdxFile.Read(file);
        Assert.Equal([2, 1, 2], read.Shape);
        Assert.Equal([1, 2, 3, 4], read.Data.ToArray());
        for (int i = 0; i < file.Length; i++)
        {
            byte[] cut = file[..i];
            Assert.Throws<NeuroStoreException>(() => IdxFile.Read(cut));
        }

        foreach (int place in (int[])[0, 2, 3, 4, 8, 12])
        {
            byte[] changed = [.. file];
            changed[place] = 0x7F;
            Assert.Throws<NeuroStoreException>(() => IdxFile.Read(changed));
        }
    }

    [Fact]
    public void Resizing_keeps_the_mean_and_brings_channels_together()
    {
        DecodedImage image = DecodedImage.Create(8, 6, 3);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = (byte)(i * 5);
        }

        var same = new float[8 * 6 * 3];
        ImageResize.ToFloats(image, new TensorShape(6, 8, 3), same);
        Assert.Equal(image.Pixels[7] / 255f, same[7]);
        DecodedImage flat = DecodedImage.Create(9, 9, 1);
        Array.Fill(flat.Pixels, (byte)100);
        foreach (int side in (int[])[3, 4, 20])
        {
            var numbers = new float[side * side * 3];
            ImageResize.ToFloats(flat, new TensorShape(side, side, 3), numbers);
            Assert.All(numbers, number => Assert.Equal(100 / 255f, number, 1e-5f));
        }
    }

    [Theory]
    [InlineData(200, 150, 3, 20, 16, 3)]
    [InlineData(200, 150, 4, 20, 16, 1)]
    [InlineData(31, 17, 1, 40, 50, 3)]
    [InlineData(64, 64, 2, 7, 64, 1)]
    public void A_resized_image_is_the_weighted_mean_of_its_pixels(
        int width, int height, int given, int toHeight, int toWidth, int channels)
    {
        DecodedImage image = DecodedImage.Create(width, height, given);
        new Random(9).NextBytes(image.Pixels);
        var target = new float[toHeight * toWidth * channels];
        Array.Fill(target, 7f);
        ImageResize.ToFloats(image, new TensorShape(toHeight, toWidth, channels), target);
        for (int i = 0; i < target.Length; i += 13)
        {
            int pixel = i / channels;
            double expected = 0;
            double all = 0;
            for (int at = 0; at < width * height; at++)
            {
                double weight = Weight(at / width, pixel / toWidth, height, toHeight)
                    * Weight(at % width, pixel % toWidth, width, toWidth);
                byte[] own = image.Pixels[(at * given)..((at + 1) * given)];
                double value = given < 3 ? own[0]
                    : channels == 3 ? own[i % 3]
                    : (0.299 * own[0]) + (0.587 * own[1]) + (0.114 * own[2]);
                expected += weight * value / 255;
                all += weight;
            }

            Assert.Equal(expected / all, target[i], 1e-5);
        }
    }

    // The triangle filter around the middle of a new pixel.
    private static double Weight(int at, int target, int from, int to)
    {
        double ratio = from / (double)to;
        double middle = ((target + 0.5) * ratio) - 0.5;
        return Math.Max(0, 1 - (Math.Abs(at - middle) / Math.Max(1, ratio)));
    }

    private static void Refuse(byte[] file, bool always = false)
    {
        try
        {
            ImageDecoder.Decode(file);
            Assert.False(always, $"{Convert.ToHexString(file)} was decoded");
        }
        catch (NeuroStoreException error)
        {
            Assert.Contains(
                error.Code, (ErrorCode[])[ErrorCode.MalformedImage, ErrorCode.NotSupported]);
        }
    }

    private static byte[] Bmp()
    {
        var file = new byte[54 + 16];
        "BM"u8.CopyTo(file);
        file[10] = 54;
        file[14] = 40;
        file[18] = 2;
        file[22] = 2;
        file[26] = 1;
        file[28] = 24;
        ((byte[])[1, 2, 3, 4, 5, 6]).CopyTo(file, 54);
        ((byte[])[10, 20, 30, 40, 50, 60]).CopyTo(file, 62);
        return file;
    }

    /// <summary>7 x 5 pixels of samples, each row with another filter.</summary>
    private static byte[] Png(int type, int depth, out byte[] samples)
    {
        int perPixel = type switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        samples = new byte[35 * perPixel];
        int max = depth >= 8 ? 256 : 1 << depth;
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (byte)(i * 37 % max);
        }

        int bits = perPixel * depth;
        int rowLength = ((7 * bits) + 7) / 8;
        int step = Math.Max(1, bits / 8);
        var before = new byte[rowLength];
        using var raw = new MemoryStream();
        for (int y = 0; y < 5; y++)
        {
            var row = new byte[rowLength];
            for (int i = 0; i < 7 * perPixel; i++)
            {
                byte sample = samples[(y * 7 * perPixel) + i];
                if (depth >= 8)
                {
                    row[i * depth / 8] = sample;
                }
                else
                {
                    row[i * depth / 8] |= (byte)(sample << (8 - depth - (i * depth % 8)));
                }
            }

            raw.WriteByte((byte)y);
            for (int i = 0; i < rowLength; i++)
            {
                int left = i >= step ? row[i - step] : 0;
                int corner = i >= step ? before[i - step] : 0;
                raw.WriteByte((byte)(row[i] - Guess(y, left, before[i], corner)));
            }

            before = row;
        }

        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Optimal, true))
        {
            deflate.Write(raw.ToArray());
        }

        byte[] palette = [.. Enumerable.Range(0, 12).Select(i => (byte)(i / 3 * 10))];
        return
        [
            .. PngDecoder.Signature,
            .. Chunk("IHDR"u8, [0, 0, 0, 7, 0, 0, 0, 5, (byte)depth, (byte)type, 0, 0, 0]),
            .. Chunk("PLTE"u8, type == 3 ? palette : []),
            .. Chunk("IDAT"u8, packed.ToArray()),
            .. Chunk("IEND"u8, []),
        ];
    }

    private static int Guess(int filter, int left, int above, int corner)
    {
        int p = left + above - corner;
        (int a, int b, int c) = (Math.Abs(p - left), Math.Abs(p - above), Math.Abs(p - corner));
        int paeth = a <= b && a <= c ? left : b <= c ? above : corner;
        return filter switch
        {
            1 => left,
            2 => above,
            3 => (left + above) / 2,
            4 => paeth,
            _ => 0,
        };
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content)
    {
        var length = new byte[4];
        var checksum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        byte[] typed = [.. type, .. content];
        uint crc = ~0u;
        foreach (byte value in typed)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(checksum, ~crc);
        return [.. length, .. typed, .. checksum];
    }
}
