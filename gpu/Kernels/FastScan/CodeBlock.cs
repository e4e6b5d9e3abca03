namespace NeuroDb.Gpu;

/// <summary>
/// The layout of 32 codes that are scanned together (Andre, Kermarrec and Le Scouarnec, Cache
/// Locality is not Enough, VLDB 2015, section 4). A code is cut into sub-codes of 4 bits: four
/// dimensions of a 1-bit code, one of a 4-bit code. A block holds 16 bytes for each sub-code: byte
/// 2 i has that of row i in its lower half and of row 16 + i in its upper one, byte 2 i + 1 those
/// of rows 8 + i and 24 + i, so that sums over even and odd bytes come out in the order of rows.
/// </summary>
/// <remarks>
/// Beside the codes stand 96 factors: Add of all rows, then Scale, then Error. The layout is the
/// same for every processor and device.
/// </remarks>
internal static class CodeBlock
{
    /// <summary>Rows in a block.</summary>
    public const int RowCount = 32;

    /// <summary>Factors of a block.</summary>
    public const int FactorCount = 3 * RowCount;

    /// <summary>Bytes of one sub-code of all rows.</summary>
    public const int SubCodeSizeBytes = RowCount / 2;

    /// <summary>Sub-codes of a code.</summary>
    public static int SubCodeCount(int bits, int dimension)
    {
        Invariant.Check(bits is 1 or 4, "blocks hold codes of 1 or 4 bits");
        return dimension * bits / 4;
    }

    /// <summary>Bytes of a block of codes.</summary>
    public static int SizeBytes(int bits, int dimension) =>
        SubCodeCount(bits, dimension) * SubCodeSizeBytes;

    /// <summary>Bytes of a block of codes with its factors behind it.</summary>
    public static int WithFactorsSizeBytes(int bits, int dimension) =>
        SizeBytes(bits, dimension) + (FactorCount * sizeof(float));

    /// <summary>Puts the code of a row into a block.</summary>
    public static void Write(
        int bits, ReadOnlySpan<byte> code, Span<byte> block, int row)
    {
        int count = code.Length * 2;
        Invariant.Check(block.Length == count * SubCodeSizeBytes && (uint)row < RowCount);
        if (count == 0)
        {
            return;
        }

        int place = Place(row);
        int shift = row / 16 * 4;
        int kept = 0xF0 >> shift;
        if (bits == 1)
        {
            WriteBits(code, block[place..], shift, kept);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            ref byte both = ref block[(i * SubCodeSizeBytes) + place];
            both = (byte)((both & kept) | (SubCode(bits, code, i) << shift));
        }
    }

    /// <summary>Takes the code of a row out of a block.</summary>
    public static void Read(int bits, ReadOnlySpan<byte> block, int row, Span<byte> code)
    {
        if (bits == 1 && code.Length > 0)
        {
            ReadBits(block[Place(row)..], row / 16 * 4, code);
            return;
        }

        code.Clear();
        for (int i = 0; i < code.Length * 2; i++)
        {
            int value = (block[(i * SubCodeSizeBytes) + Place(row)] >> (row / 16 * 4)) & 15;
            (int at, int shift) = Position(bits, i);
            code[at] |= (byte)(value << shift);
        }
    }

    /// <summary>Puts the factors of a row beside its code.</summary>
    public static void WriteFactors(in CodeFactors factors, Span<float> block, int row)
    {
        block[row] = factors.Add;
        block[RowCount + row] = factors.Scale;
        block[(2 * RowCount) + row] = factors.Error;
    }

    /// <summary>The factors of a row.</summary>
    public static CodeFactors ReadFactors(ReadOnlySpan<float> block, int row) =>
        new(block[row], block[RowCount + row], block[(2 * RowCount) + row]);

    /// <summary>The byte of a row among the 16 of a sub-code.</summary>
    public static int Place(int row) => (row % 8 * 2) + (row / 8 % 2);

    // A byte of a code of 1 bit is two sub-codes that follow each other.
    private static void WriteBits(
        ReadOnlySpan<byte> code, Span<byte> block, int shift, int kept)
    {
        for (int i = 0; i < code.Length; i++)
        {
            ref byte lower = ref block[2 * i * SubCodeSizeBytes];
            lower = (byte)((lower & kept) | ((code[i] & 15) << shift));
            ref byte upper = ref block[((2 * i) + 1) * SubCodeSizeBytes];
            upper = (byte)((upper & kept) | ((code[i] >> 4) << shift));
        }
    }

    private static void ReadBits(ReadOnlySpan<byte> block, int shift, Span<byte> code)
    {
        for (int i = 0; i < code.Length; i++)
        {
            int lower = (block[2 * i * SubCodeSizeBytes] >> shift) & 15;
            int upper = (block[((2 * i) + 1) * SubCodeSizeBytes] >> shift) & 15;
            code[i] = (byte)(lower | (upper << 4));
        }
    }

    private static int SubCode(int bits, ReadOnlySpan<byte> code, int index)
    {
        (int at, int shift) = Position(bits, index);
        return (code[at] >> shift) & 15;
    }

    /// <summary>Where a sub-code stands in the code of a row.</summary>
    private static (int At, int Shift) Position(int bits, int index) => bits == 1
        ? (index / 2, index % 2 * 4)
        : ((index / 32 * CodePacking.Group) + (index % CodePacking.Group),
            index / CodePacking.Group % 2 * 4);
}
