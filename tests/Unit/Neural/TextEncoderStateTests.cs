using System.Buffers.Binary;
using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

public sealed class TextEncoderStateTests
{
    private static readonly string[] Corpus = ["read a line", "write a line", "close the file"];

    private static readonly HashingTextEncoderOptions Small = new()
    {
        Dimension = 32, BucketBitCount = 8, SpreadCount = 3, Stem = false,
        GramLengthMin = 2, GramLengthMax = 5, GramWeight = 0.25f, PairWeight = 0.75f,
    };

    [Fact]
    public void A_loaded_encoder_is_equal_to_the_saved_one()
    {
        var encoder = HashingTextEncoder.Fit(Corpus, Small);
        byte[] state = encoder.Save();
        var loaded = HashingTextEncoder.Load(state);
        Assert.Equal(Small, loaded.Options);
        Assert.Equal(3, loaded.TextCount);
        Assert.Equal(state, loaded.Save());
        var expected = new float[32];
        var actual = new float[32];
        encoder.Encode("write the file", expected);
        loaded.Encode("write the file", actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void An_encoder_that_was_never_fitted_is_saved_too()
    {
        byte[] state = new HashingTextEncoder(Small).Save();
        Assert.Equal(Small, HashingTextEncoder.Load(state).Options);
        Assert.Equal(60, state.Length);
    }

    [Fact]
    public void Every_flipped_bit_is_detected()
    {
        byte[] state = HashingTextEncoder.Fit(Corpus, Small).Save();
        for (int bit = 0; bit < state.Length * 8; bit++)
        {
            state[bit / 8] ^= (byte)(1 << (bit % 8));
            var error = Assert.ThrowsAny<NeuroStoreException>(
                () => HashingTextEncoder.Load(state));
            Assert.True(error.Code is ErrorCode.Corruption or ErrorCode.NewerFormat);
            state[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Every_shortened_or_lengthened_state_is_detected()
    {
        byte[] state = HashingTextEncoder.Fit(Corpus, Small).Save();
        for (int length = 0; length < state.Length; length++)
        {
            byte[] part = state[..length];
            Assert.Throws<CorruptionException>(() => HashingTextEncoder.Load(part));
        }

        byte[] more = [.. state, 0];
        Assert.Throws<CorruptionException>(() => HashingTextEncoder.Load(more));
    }

    [Fact]
    public void A_newer_format_is_named_as_such()
    {
        byte[] state = HashingTextEncoder.Fit(Corpus, Small).Save();
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(4), 2);
        var error = Assert.Throws<NeuroStoreException>(() => HashingTextEncoder.Load(state));
        Assert.Equal(ErrorCode.NewerFormat, error.Code);
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(8, int.MaxValue)]
    [InlineData(12, 9)]
    [InlineData(12, 31)]
    [InlineData(16, -1)]
    [InlineData(24, 1000)]
    [InlineData(28, 0x7FC00000)]
    [InlineData(36, 2)]
    [InlineData(44, -1)]
    [InlineData(48, 0x7F800000)]
    [InlineData(48, 0)]
    [InlineData(52, -1)]
    [InlineData(52, int.MaxValue)]
    public void A_forged_state_with_a_right_checksum_is_refused(int offset, int value)
    {
        byte[] state = HashingTextEncoder.Fit(Corpus, Small).Save();
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(offset), value);
        uint checksum = Crc32C.Compute(state.AsSpan(0, state.Length - 4));
        BinaryPrimitives.WriteUInt32LittleEndian(state.AsSpan(state.Length - 4), checksum);
        Assert.Throws<CorruptionException>(() => HashingTextEncoder.Load(state));
    }

    [Fact]
    public void The_public_encoder_keeps_its_state()
    {
        TextEncoder encoder = TextEncoder.Fit(Corpus);
        TextEncoder loaded = TextEncoder.Load(encoder.Save());
        Assert.Equal(TextEncoder.DefaultDimension, loaded.Dimension);
        Assert.Equal(3, loaded.TextCount);
        Assert.Equal(encoder.Encode("read the file"), loaded.Encode("read the file"));
        Assert.False(loaded.Encode("", new float[loaded.Dimension]));
        Assert.Equal(64, TextEncoder.Fit(Corpus, 64).Encode("read").Length);
    }
}
