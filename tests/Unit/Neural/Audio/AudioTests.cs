using System.Buffers.Binary;
using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Decoders of sound on files made here, whole and damaged, and resampling.</summary>
public sealed class AudioTests
{
    [Theory]
    [InlineData(1, 8)]
    [InlineData(1, 16)]
    [InlineData(1, 24)]
    [InlineData(1, 32)]
    [InlineData(3, 32)]
    [InlineData(3, 64)]
    public void Every_width_of_sample_is_decoded(int tag, int bits)
    {
        double[] expected = [0, 0.5, -0.5, 0.25, -1];
        byte[] data = [.. expected.SelectMany(x => Sample(x, tag, bits))];
        foreach (bool extensible in (bool[])[false, true])
        {
            byte[] file = WavFile.Of(tag, bits, 8000, 1, data, extensible);
            DecodedAudio audio = AudioDecoder.Decode(file);
            Assert.Equal(8000, audio.Rate);
            Assert.Equal(expected, audio.Samples.ToArray().Select(x => (double)x));
            AudioDecoder.Verify(file);
        }
    }

    [Fact]
    public void Channels_are_mixed_into_their_mean()
    {
        byte[] data = [.. ((double[])[0.5, -0.25, 1.0 / 2, 0.5]).SelectMany(x => Sample(x, 1, 16))];
        float[] samples =
            AudioDecoder.Decode(WavFile.Of(1, 16, 44_100, 2, data)).Samples.ToArray();
        Assert.Equal([0.125f, 0.5f], samples);
    }

    [Fact]
    public void The_laws_of_telephones_are_those_of_G711()
    {
        // Largest and smallest values of ITU-T G.711, tables 1 and 2, over 2^15.
        float[] mu = Decode(7, [0x80, 0x00, 0xFF, 0x7F, 0xFE]);
        Assert.Equal([32_124, -32_124, 0, 0, 8], mu.Select(x => x * 32_768));
        float[] a = Decode(6, [0xAA, 0x2A, 0xD5, 0x55]);
        Assert.Equal([32_256, -32_256, 8, -8], a.Select(x => x * 32_768));
    }

    [Fact]
    public void Other_chunks_are_passed_over_and_an_unknown_length_reaches_to_the_end()
    {
        byte[] tone = WavFile.Tone(8000, 10, 100);
        byte[] odd = [.. tone[..12], .. "LIST\u0003\0\0\0abc\0"u8, .. tone[12..]];
        Assert.Equal(10, AudioInfo.Read(odd).Samples);
        byte[] open = [.. tone];
        BinaryPrimitives.WriteUInt32LittleEndian(open.AsSpan(40), uint.MaxValue);
        Assert.Equal(10, AudioInfo.Read(open).Samples);
        Assert.Equal(10, AudioDecoder.Decode(open).Samples.Length);
    }

    [Fact]
    public void A_damaged_or_cut_sound_is_refused_and_never_more()
    {
        byte[] pcm = WavFile.Tone(8000, 5, 100);
        byte[] floats = WavFile.Of(
            3, 32, 8000, 1, [.. Sample(0.5, 3, 32), .. Sample(1, 3, 32)], extensible: true);
        foreach (byte[] file in (byte[][])[pcm, floats])
        {
            for (int i = 0; i < file.Length; i++)
            {
                Refuse(file[..i], always: true);
                for (int bit = 0; bit < 8; bit++)
                {
                    byte[] changed = [.. file];
                    changed[i] ^= (byte)(1 << bit);
                    Refuse(changed);
                }
            }
        }
    }

    [Fact]
    public void Limits_are_checked_before_anything_is_allocated()
    {
        Refuse(WavFile.Of(1, 16, Limits.AudioRateMax + 1, 1, [0, 0]), always: true);
        Refuse(WavFile.Of(1, 16, Limits.AudioRateMin - 1, 1, [0, 0]), always: true);
        Refuse(WavFile.Of(1, 8, 8000, 33, new byte[33]), always: true);
        Refuse(WavFile.Of(1, 8, 8000, 0, [0]), always: true);
        Refuse(WavFile.Of(1, 8, 8000, 1, []), always: true);
        AudioDecoder.Decode(WavFile.Of(1, 16, Limits.AudioRateMax, 1, [0, 0]));
        AudioDecoder.Decode(WavFile.Of(1, 8, Limits.AudioRateMin, 32, new byte[32]));
        var info = new AudioInfo(
            AudioFormat.Flac, "", 48_000, 1, (long)Limits.AudioSecondsMax * 48_000);
        Assert.ThrowsAny<NeuroStoreException>(info.Check);
        (info with { Samples = Limits.AudioSamplesMax }).Check();
        Assert.ThrowsAny<NeuroStoreException>(
            (info with { Samples = Limits.AudioSamplesMax + 1 }).Check);
        Assert.ThrowsAny<NeuroStoreException>(
            (info with { Rate = 1000, Samples = 3_600_001 }).Check);
        byte[] huge = WavFile.Tone(8000, 4, 100);
        BinaryPrimitives.WriteUInt32LittleEndian(huge.AsSpan(40), 1_000_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuse(huge, always: true);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Samples_that_are_no_numbers_are_refused()
    {
        Refuse(WavFile.Of(3, 32, 8000, 1, Sample(double.NaN, 3, 32)), always: true);
        Refuse(WavFile.Of(3, 64, 8000, 1, Sample(1e200, 3, 64)), always: true);
        Refuse(WavFile.Of(3, 32, 8000, 1, Sample(1e18, 3, 32)), always: true);
        Refuse(
            WavFile.Of(3, 32, 8000, 2, [.. Sample(1e18, 3, 32), .. Sample(-1e18, 3, 32)]),
            always: true);
    }

    [Theory]
    [InlineData(8000, 16_000)]
    [InlineData(44_100, 16_000)]
    [InlineData(16_000, 8000)]
    [InlineData(22_051, 16_000)]
    [InlineData(8000, 8000)]
    public void A_tone_stays_the_tone_at_another_rate(int from, int to)
    {
        const int Hertz = 440;
        float[] source = Sine(from, from, Hertz);
        float[] expected = Sine(to, to, Hertz);
        float[] actual = Resampler.Of(from, to).Run(source);
        Assert.Equal(to, actual.Length);
        for (int i = to / 10; i < to * 9 / 10; i++)
        {
            Assert.Equal(expected[i], actual[i], 2e-4f);
        }
    }

    [Fact]
    public void What_the_new_rate_cannot_hold_is_filtered_out()
    {
        float[] actual = Resampler.Of(16_000, 8000).Run(Sine(16_000, 16_000, 6000));
        Assert.InRange(actual[1000..7000].Max(Math.Abs), 0, 1e-3f);
    }

    [Fact]
    public void A_part_is_what_the_whole_has_there_and_silence_outside()
    {
        float[] source = Sine(1000, 44_100, 300);
        Resampler resampler = Resampler.Of(44_100, 16_000);
        float[] whole = resampler.Run(source);
        var part = new float[whole.Length + 200];
        resampler.Run(source, -100, part);
        Assert.Equal(whole, part[100..(100 + whole.Length)]);
        Assert.Equal(0, part[0]);
        Assert.Equal(0, part[^1]);
    }

    [Fact]
    public void The_picture_of_a_sound_does_not_depend_on_its_rate_or_loudness()
    {
        var shape = new TensorShape(24, 20, 1);
        var features = new LogMelFeatures(new AudioFrames(8000, 200, 80), shape);
        var first = new float[shape.Length];
        features.Fill(WavFile.Tone(8000, 1600, 700), first);
        int band = Enumerable.Range(0, 24).MaxBy(row => first[(row * 20) + 10]);
        foreach (byte[] other in (byte[][])
            [WavFile.Tone(48_000, 9600, 700), WavFile.Tone(8000, 1600, 700, 0.05)])
        {
            var image = new float[shape.Length];
            features.Fill(other, image);
            Assert.Equal(first[(band * 20) + 10], image[(band * 20) + 10], 0.02f);
            Assert.Equal(band, Enumerable.Range(0, 24).MaxBy(row => image[(row * 20) + 10]));
        }
    }

    [Fact]
    public void Short_sounds_stand_in_the_middle_of_silence()
    {
        var shape = new TensorShape(10, 50, 1);
        var image = new float[shape.Length];
        new LogMelFeatures(new AudioFrames(8000, 200, 80), shape)
            .Fill(WavFile.Tone(8000, 400, 1000), image);
        for (int frame = 0; frame < 50; frame++)
        {
            float loudest = Enumerable.Range(0, 10).Max(band => image[(band * 50) + frame]);
            Assert.Equal(frame is >= 21 and <= 28, loudest > 0);
        }
    }

    private static float[] Sine(int count, int rate, double hertz) =>
        [.. Enumerable.Range(0, count).Select(i =>
            (float)Math.Sin(2 * Math.PI * hertz * i / rate))];

    private static float[] Decode(int tag, byte[] data) =>
        AudioDecoder.Decode(WavFile.Of(tag, 8, 8000, 1, data)).Samples.ToArray();

    private static byte[] Sample(double x, int tag, int bits)
    {
        long whole = (long)(x * (1L << (bits - 1)));
        return (tag, bits) switch
        {
            (3, 32) => BitConverter.GetBytes((float)x),
            (3, 64) => BitConverter.GetBytes(x),
            (_, 8) => [(byte)(whole + 128)],
            _ => BitConverter.GetBytes(whole)[..(bits / 8)],
        };
    }

    private static void Refuse(byte[] file, bool always = false)
    {
        bool isRefused = false;
        foreach (Action<byte[]> read in (Action<byte[]>[])
            [it => AudioDecoder.Decode(it), it => AudioDecoder.Verify(it)])
        {
            try
            {
                read(file);
                Assert.False(isRefused, "a sound was verified that cannot be decoded");
                Assert.False(always, $"{Convert.ToHexString(file)} was decoded");
            }
            catch (NeuroStoreException error)
            {
                isRefused = true;
                Assert.Contains(
                    error.Code, (ErrorCode[])[ErrorCode.MalformedAudio, ErrorCode.NotSupported]);
            }
        }
    }
}
