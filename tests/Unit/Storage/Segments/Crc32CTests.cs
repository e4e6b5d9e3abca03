using System.Numerics;

namespace NeuroDb.Tests.Unit;

/// <summary>The checksum is the one of the format, whatever the length of the data.</summary>
public sealed class Crc32CTests
{
    [Fact]
    public void The_check_value_of_the_standard_holds() =>
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));

    [Fact]
    public void Every_length_and_seed_gives_what_one_byte_after_the_other_gives()
    {
        var data = new byte[10_000];
        new Random(3).NextBytes(data);
        for (int length = 0; length <= data.Length; length += length < 40 ? 1 : 61)
        {
            uint seed = (uint)length * 0x9E3779B9;
            uint crc = ~seed;
            foreach (byte value in data.AsSpan(0, length))
            {
                crc = BitOperations.Crc32C(crc, value);
            }

            Assert.Equal(~crc, Crc32C.Compute(data.AsSpan(0, length), seed));
        }
    }

    [Fact]
    public void Data_in_two_pieces_gives_the_checksum_of_the_whole()
    {
        var data = new byte[8000];
        new Random(4).NextBytes(data);
        foreach (int cut in new[] { 0, 1, 3072, 3073, 7999 })
        {
            uint first = Crc32C.Compute(data.AsSpan(0, cut));
            Assert.Equal(Crc32C.Compute(data), Crc32C.Compute(data.AsSpan(cut), first));
        }
    }
}
