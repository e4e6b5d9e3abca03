using System.Buffers.Binary;

namespace NeuroDb.Tests.Crash;

/// <summary>Makes files that are nearly right of files that are.</summary>
internal sealed class Mutator(IRandomSource random)
{
    private const int SizeBytesMax = 1 << 16;

    private static readonly long[] Numbers =
    [
        0, 1, 2, 3, 4, 7, 8, 16, 127, 128, 255, 256, 1000, 32_767, 32_768, 65_535, 65_536,
        1 << 20, 1 << 24, 1 << 30, int.MaxValue, uint.MaxValue, 1L << 32, 1L << 40, 1L << 62,
        long.MaxValue, -1, -2, -128, int.MinValue, long.MinValue,
    ];

    /// <summary>One file, of one or several changes to a seed.</summary>
    public byte[] Next(FuzzTarget target)
    {
        byte[] file = [.. target.Seeds[Below(target.Seeds.Count)]];
        int changes = 1 + Below(Below(8) == 0 ? 40 : 4);
        for (int i = 0; i < changes && file.Length is > 0 and < SizeBytesMax; i++)
        {
            file = Change(file, target);
        }

        if (target.Mend is not null && Below(4) > 0)
        {
            target.Mend(file);
        }

        return file;
    }

    /// <summary>A number below a bound.</summary>
    public int Below(int bound) => (int)(random.NextUInt64() % (ulong)bound);

    private byte[] Change(byte[] file, FuzzTarget target)
    {
        int at = Below(file.Length);
        int length = 1 + Below(Math.Min(file.Length - at, 64));
        switch (Below(11))
        {
            case 0:
                file[at] ^= (byte)(1 << Below(8));
                return file;
            case 1:
                file[at] = (byte)Numbers[Below(Numbers.Length)];
                return file;
            case 2 or 3:
                PutNumber(file.AsSpan(at));
                return file;
            case 4:
                return file[..at];
            case 5:
                return [.. file[..at], .. file[(at + length)..]];
            case 6:
                return [.. file[..at], .. file[at..(at + length)], .. file[at..]];
            case 7:
                for (int i = at; i < at + length; i++)
                {
                    file[i] = (byte)random.NextUInt64();
                }

                return file;
            case 8:
                byte[] other = target.Seeds[Below(target.Seeds.Count)];
                return [.. file[..at], .. other[Below(other.Length)..]];
            case 9:
                return PutDigits(file, at);
            default:
                // The first bytes say the most.
                file[Below(Math.Min(file.Length, 64))] = (byte)random.NextUInt64();
                return file;
        }
    }

    private void PutNumber(Span<byte> place)
    {
        long number = Numbers[Below(Numbers.Length)];
        switch (Below(6))
        {
            case 0 when place.Length >= 2:
                BinaryPrimitives.WriteInt16LittleEndian(place, (short)number);
                break;
            case 1 when place.Length >= 2:
                BinaryPrimitives.WriteInt16BigEndian(place, (short)number);
                break;
            case 2 when place.Length >= 4:
                BinaryPrimitives.WriteInt32LittleEndian(place, (int)number);
                break;
            case 3 when place.Length >= 4:
                BinaryPrimitives.WriteInt32BigEndian(place, (int)number);
                break;
            case 4 when place.Length >= 8:
                BinaryPrimitives.WriteInt64LittleEndian(place, number);
                break;
            case 5 when place.Length >= 4:
                BinaryPrimitives.WriteSingleLittleEndian(
                    place, number % 2 == 0 ? float.NaN : number);
                break;
        }
    }

    /// <summary>Another number in the place of the next one that is written in digits.</summary>
    private byte[] PutDigits(byte[] file, int at)
    {
        int from = file.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (from < 0)
        {
            return file;
        }

        from += at;
        int to = from;
        while (to < file.Length && file[to] is >= (byte)'0' and <= (byte)'9')
        {
            to++;
        }

        string number = Numbers[Below(Numbers.Length)]
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
        return [.. file[..from], .. System.Text.Encoding.ASCII.GetBytes(number), .. file[to..]];
    }
}
