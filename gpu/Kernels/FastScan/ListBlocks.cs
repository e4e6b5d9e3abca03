using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>
/// How the codes of one bit of a list lie: first the heads of all its blocks of 32 rows, then their
/// tails, so that a scan reads the heads from end to end and of the tails only those it needs.
/// </summary>
/// <remarks>
/// A head has the first <see cref="HeadDimension"/> dimensions as a <see cref="CodeBlock"/>, then
/// for the 32 rows HeadAdd and Scale (f32) and Error / |Scale| in steps of 2^-16, rounded up (u16).
/// A tail has the other dimensions and Add (f32). The ratio is at most sqrt(D / (D - 1)) / 2, since
/// the code has the length sqrt(D) / 2. Slots are block * 32 + row.
/// </remarks>
internal static class ListBlocks
{
    /// <summary>What one step of the ratio of Error and Scale stands for.</summary>
    public const float RatioStep = 1f / 65_536;

    private const int WholeUnits = 4;
    private const int Rows = CodeBlock.RowCount;
    private const int HeadFactorsSizeBytes = Rows * ((2 * sizeof(float)) + sizeof(ushort));
    private const int TailFactorsSizeBytes = Rows * sizeof(float);

    /// <summary>
    /// The dimensions of a head: about three eighths, which leave out most blocks of lists that
    /// are not the nearest ones. Codes of up to 256 dimensions are heads: a part of them tells too
    /// little.
    /// </summary>
    public static int HeadDimension(int dimension)
    {
        int units = dimension / RandomRotation.Multiple;
        return (units <= WholeUnits ? units : ((3 * units) + 4) / 8) * RandomRotation.Multiple;
    }

    /// <summary>Bytes of the codes of a head.</summary>
    public static int HeadCodesSizeBytes(int dimension) =>
        CodeBlock.SizeBytes(1, HeadDimension(dimension));

    /// <summary>Bytes of the codes of a tail.</summary>
    public static int TailCodesSizeBytes(int dimension) =>
        CodeBlock.SizeBytes(1, dimension - HeadDimension(dimension));

    /// <summary>Bytes of a head.</summary>
    public static int HeadSizeBytes(int dimension) =>
        HeadCodesSizeBytes(dimension) + HeadFactorsSizeBytes;

    /// <summary>Bytes of a tail.</summary>
    public static int TailSizeBytes(int dimension) =>
        TailCodesSizeBytes(dimension) + TailFactorsSizeBytes;

    /// <summary>Bytes of both.</summary>
    public static int SizeBytes(int dimension) =>
        HeadSizeBytes(dimension) + TailSizeBytes(dimension);

    /// <summary>Blocks that hold so many rows.</summary>
    public static int CountOf(int rows) => (rows + Rows - 1) / Rows;

    /// <summary>Puts a row into a slot of a list.</summary>
    public static void Write(
        int dimension, ReadOnlySpan<byte> code, in ListFactors factors, Span<byte> blocks, int slot)
    {
        Span<byte> head = blocks[HeadAt(dimension, slot)..];
        Span<byte> tail = blocks[TailAt(dimension, blocks.Length, slot)..];
        int row = slot % Rows;
        int codesSize = HeadCodesSizeBytes(dimension);
        int codeSize = HeadDimension(dimension) / 8;
        CodeBlock.Write(1, code[..codeSize], head[..codesSize], row);
        Span<float> floats = MemoryMarshal.Cast<byte, float>(head[codesSize..]);
        floats[row] = factors.HeadAdd;
        floats[Rows + row] = factors.Scale;
        MemoryMarshal.Cast<float, ushort>(floats[(2 * Rows)..])[row] = RatioOf(factors);
        codesSize = TailCodesSizeBytes(dimension);
        CodeBlock.Write(1, code[codeSize..], tail[..codesSize], row);
        MemoryMarshal.Cast<byte, float>(tail[codesSize..])[row] = factors.Add;
    }

    /// <summary>Copies the code and the factors of a slot of a list, bit by bit.</summary>
    public static void Copy(
        int dimension, ReadOnlySpan<byte> source, int from, Span<byte> target, int to)
    {
        CopyPart(
            source[HeadAt(dimension, from)..],
            target[HeadAt(dimension, to)..],
            HeadCodesSizeBytes(dimension),
            from % Rows,
            to % Rows,
            [sizeof(float), sizeof(float), sizeof(ushort)]);
        CopyPart(
            source[TailAt(dimension, source.Length, from)..],
            target[TailAt(dimension, target.Length, to)..],
            TailCodesSizeBytes(dimension),
            from % Rows,
            to % Rows,
            [sizeof(float)]);
    }

    /// <summary>Copies the blocks of the first slots of a list into another one.</summary>
    public static void CopyFirst(
        int dimension, ReadOnlySpan<byte> source, int slots, Span<byte> blocks)
    {
        int count = CountOf(slots);
        source[..(count * HeadSizeBytes(dimension))].CopyTo(blocks);
        source.Slice(TailAt(dimension, source.Length, 0), count * TailSizeBytes(dimension))
            .CopyTo(blocks[TailAt(dimension, blocks.Length, 0)..]);
    }

    /// <summary>
    /// The bound of the error of the rank that heads estimate, divided by |Scale| and the distance
    /// of the query from the centroid: first + second * ratio, ratio that of Error and Scale.
    /// </summary>
    /// <remarks>
    /// With f the share of the head, cos that between code and residual and w what of the query is
    /// orthogonal to the residual: of the signs in the head, the part that is orthogonal to the
    /// residual has the squared length f D (1 - f cos^2), and w lies anywhere in D - 1 dimensions,
    /// so the variance of the estimate is Scale^2 (1 - f cos^2) / (4 f), which is
    /// Scale^2 ((1 - f) / (4 f) + ratio^2 (D - 1) / D). Its root is convex in the ratio and so not
    /// above the chord between 0 and the largest ratio.
    /// </remarks>
    public static (float First, float Second) HeadError(int dimension)
    {
        double share = (double)HeadDimension(dimension) / dimension;
        double largest = Math.Sqrt(dimension / (dimension - 1.0)) / 2;
        double first = (1 - share) / (4 * share);
        double end = Math.Sqrt(first + (largest * largest));
        return ((float)Math.Sqrt(first), (float)((end - Math.Sqrt(first)) / largest));
    }

    /// <summary>
    /// Of the rows of a list the root mean square distance from its centroid, of codes for
    /// <see cref="Metric.L2"/>, and the largest |Scale|. With cos^2 = 1 - 4 ratio^2 (D - 1) / D,
    /// that between code and residual, a residual has the length |Scale| sqrt(D) cos / 4.
    /// </summary>
    public static (float Radius, float Scale) ShapeOf(
        int dimension, ReadOnlySpan<byte> blocks, int rowCount)
    {
        double sum = 0;
        float largest = 0;
        int headSize = HeadSizeBytes(dimension);
        int codesSize = HeadCodesSizeBytes(dimension);
        double share = 4.0 * RatioStep * RatioStep * (dimension - 1) / dimension;
        for (int first = 0; first < rowCount; first += Rows)
        {
            ReadOnlySpan<float> floats = MemoryMarshal.Cast<byte, float>(
                blocks.Slice(first / Rows * headSize, headSize)[codesSize..]);
            ReadOnlySpan<float> scales = floats.Slice(Rows, Rows);
            ReadOnlySpan<ushort> ratios = MemoryMarshal.Cast<float, ushort>(floats[(2 * Rows)..]);
            for (int row = 0; row < Math.Min(Rows, rowCount - first); row++)
            {
                double squared = (double)ratios[row] * ratios[row] * share;
                sum += (double)scales[row] * scales[row] * Math.Max(0, 1 - squared);
                largest = Math.Max(largest, MathF.Abs(scales[row]));
            }
        }

        return ((float)(Math.Sqrt(sum * dimension / Math.Max(1, rowCount)) / 4), largest);
    }

    private static ushort RatioOf(in ListFactors factors)
    {
        float scale = MathF.Abs(factors.Scale);
        return scale > 0
            ? (ushort)Math.Clamp(
                MathF.Ceiling(factors.Error / (scale * RatioStep)), 0, ushort.MaxValue)
            : (ushort)0;
    }

    private static void CopyPart(
        ReadOnlySpan<byte> source, Span<byte> target, int codesSize, int from, int to,
        ReadOnlySpan<int> factorSizes)
    {
        Span<byte> code = stackalloc byte[codesSize / Rows];
        CodeBlock.Read(1, source[..codesSize], from, code);
        CodeBlock.Write(1, code, target[..codesSize], to);
        int at = codesSize;
        foreach (int size in factorSizes)
        {
            source.Slice(at + (from * size), size).CopyTo(target[(at + (to * size))..]);
            at += Rows * size;
        }
    }

    /// <summary>Where the head of the block of a slot begins.</summary>
    private static int HeadAt(int dimension, int slot) => slot / Rows * HeadSizeBytes(dimension);

    /// <summary>Where its tail begins, in a list of so many bytes.</summary>
    private static int TailAt(int dimension, int length, int slot) =>
        (length / SizeBytes(dimension) * HeadSizeBytes(dimension))
        + (slot / Rows * TailSizeBytes(dimension));
}
