using System.Numerics;

namespace NeuroDb.Query;

/// <summary>Exact numbers; 1.0 equals 1.00.</summary>
internal readonly struct DecimalKey : IKeyOperations<decimal>
{
    // A prime of which remainders are quick: 2^61 - 1. Modulo it a tenth is a number, so that the
    // zeros behind the digits need not be looked for.
    private const int PrimeBits = 61;
    private const ulong Prime = (1UL << PrimeBits) - 1;
    private const int ScaleMax = 28;
    private static readonly ulong[] Tenths = [.. Enumerable.Range(0, ScaleMax + 1).Select(
        static scale => (ulong)BigInteger.ModPow(BigInteger.Pow(10, scale), Prime - 2, Prime))];

    /// <inheritdoc/>
    public static ulong Hash(decimal value)
    {
        DecimalBits bits = DecimalBits.Of(value);
        ulong high = Math.BigMul(
            Reduce((bits.Low & Prime) + (bits.Low >> PrimeBits) + ((ulong)bits.High << 3)),
            Tenths[bits.Scale],
            out ulong low);
        ulong rest = Reduce((low & Prime) + ((low >> PrimeBits) | (high << (64 - PrimeBits))));
        return Hash64.Mix(bits.Flags < 0 && rest != 0 ? Prime - rest : rest);
    }

    /// <inheritdoc/>
    public static bool AreEqual(decimal left, decimal right) => left == right;

    private static ulong Reduce(ulong number)
    {
        ulong rest = (number & Prime) + (number >> PrimeBits);
        return rest >= Prime ? rest - Prime : rest;
    }
}
