using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>
/// A rotated query as <see cref="FastScan"/> uses it: for each sub-code a table of the 16 products
/// that it may have with the query, in bytes. Made once for a query, whatever the number of lists.
/// </summary>
/// <remarks>
/// dot(v, q) of a row is Step * (sum of table entries) + Base, off by a rounding whose root mean
/// square over all codes is at most Spread. Each table is moved to begin at 0 and all are divided
/// by one step, so that the widest has the entry <see cref="EntryMax"/>. A query with a NaN or an
/// infinity gives no estimate: Step and Base are NaN. One thread owns it and may set it again.
/// </remarks>
internal sealed class FastScanQuery
{
    /// <summary>Entries of a table.</summary>
    public const int EntryCount = 16;

    /// <summary>
    /// The largest entry: four of them add up in a byte, and their rounding is far below the error
    /// of codes of 1 bit.
    /// </summary>
    public const int EntryMax = 63;

    private byte[] _tables = [];
    private int _dimension;

    /// <summary>Makes the tables of a query for codes of 1 or 4 bits.</summary>
    public FastScanQuery(int bits, ReadOnlySpan<float> query) => Set(bits, query);

    /// <summary>Makes room for the tables of a query that is set later.</summary>
    public FastScanQuery()
    {
    }

    /// <summary>Makes the tables of another query, in the same memory if it fits.</summary>
    public void Set(int bits, ReadOnlySpan<float> query)
    {
        Invariant.Check(query.Length % RandomRotation.Multiple == 0 && query.Length > 0);
        int size = CodeBlock.SubCodeCount(bits, query.Length) * EntryCount;
        _tables = _tables.Length == size ? _tables : new byte[size];
        HeadError = _dimension == query.Length
            ? HeadError
            : ListBlocks.HeadError(query.Length);
        _dimension = query.Length;
        int head = bits == 1 ? ListBlocks.HeadDimension(query.Length) : query.Length;
        float widest = Math.Max(
            Widest(bits, query[..head], out float headTotal),
            Widest(bits, query[head..], out float tailTotal));
        bool isDefined = float.IsFinite(widest);
        float step = widest / EntryMax;
        bool isFilled = isDefined && step > 0;
        if (!isFilled)
        {
            _tables.AsSpan().Clear();
        }

        int headSize = CodeBlock.SubCodeCount(bits, head) * EntryCount;
        var first = isFilled
            ? Fill(bits, query[..head], _tables.AsSpan(0, headSize), 1 / step)
            : default;
        var second = isFilled
            ? Fill(bits, query[head..], _tables.AsSpan(headSize), 1 / step)
            : default;
        float headBase = (-headTotal / 2) - (step * first.Error);
        float inverseShare = (float)query.Length / head;
        Step = isDefined ? step : float.NaN;
        Base = isDefined ? headBase - (tailTotal / 2) - (step * second.Error) : float.NaN;
        Spread = isDefined ? step * MathF.Sqrt(first.Square + second.Square) : 0;
        HeadStep = Step * inverseShare;
        HeadBase = isDefined ? headBase * inverseShare : float.NaN;
        HeadSpread = isDefined ? step * MathF.Sqrt(first.Square) * inverseShare : 0;
    }

    /// <summary>The tables, 16 bytes for each sub-code.</summary>
    public ReadOnlySpan<byte> Tables => _tables;

    /// <summary>What a unit of the tables stands for.</summary>
    public float Step { get; private set; }

    /// <summary>What a sum of zeros stands for.</summary>
    public float Base { get; private set; }

    /// <summary>A bound of the root mean square of the rounding of the tables.</summary>
    public float Spread { get; private set; }

    /// <summary>
    /// What a unit stands for where the heads of codes of one bit estimate the whole product.
    /// </summary>
    public float HeadStep { get; private set; }

    /// <summary>What a sum of zeros stands for there.</summary>
    public float HeadBase { get; private set; }

    /// <summary>A bound of the root mean square of the rounding there.</summary>
    public float HeadSpread { get; private set; }

    /// <summary><see cref="ListBlocks.HeadError"/> of the dimensions.</summary>
    public (float First, float Second) HeadError { get; private set; }

    /// <summary>
    /// How far the products of one table lie apart at most, and the sum of it over all tables: the
    /// sum of the part's sizes for four dimensions with the values -1/2 and 1/2, 15 times the size
    /// for one dimension with the values from -7.5 to 7.5.
    /// </summary>
    private static float Widest(int bits, ReadOnlySpan<float> query, out float total)
    {
        Vector512<float> widest = default;
        Vector512<float> sum = default;
        foreach (Vector512<float> part in MemoryMarshal.Cast<float, Vector512<float>>(query))
        {
            Vector512<float> width = Vector512.Abs(part);
            if (bits == 1)
            {
                width += Vector512.Shuffle(
                    width,
                    Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
                width += Vector512.Shuffle(
                    width,
                    Vector512.Create(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
            }

            widest = Vector512.Max(widest, width);
            sum += width;
        }

        float scale = bits == 1 ? 1 : 15;
        total = Vector512.Sum(sum) * (bits == 1 ? 0.25f : 15);
        float largest = 0;
        for (int i = 0; i < Vector512<float>.Count; i++)
        {
            largest = Math.Max(largest, widest[i]);
        }

        return largest * scale;
    }

    /// <summary>
    /// Fills tables; gives the sums over these of the mean rounding and of its mean
    /// square, in steps.
    /// </summary>
    private static (float Error, float Square) Fill(
        int bits, ReadOnlySpan<float> query, Span<byte> bytes, float inverse)
    {
        if (query.IsEmpty)
        {
            return default;
        }

        Vector512<float> errors = default;
        Vector512<float> squares = default;
        Span<Vector128<byte>> tables = MemoryMarshal.Cast<byte, Vector128<byte>>(bytes);
        int dimensions = query.Length / tables.Length;
        for (int i = 0; i < tables.Length; i++)
        {
            Vector512<float> products = dimensions == 1
                ? query[i] * (Vector512<float>.Indices - Vector512.Create(7.5f))
                : Products(query.Slice(i * 4, 4));
            float highest = dimensions == 1
                ? Math.Max(products[0], products[15])
                : (MathF.Abs(query[i * 4]) + MathF.Abs(query[(i * 4) + 1])
                    + MathF.Abs(query[(i * 4) + 2]) + MathF.Abs(query[(i * 4) + 3])) / 2;

            Vector512<float> exact = (products + Vector512.Create(highest)) * inverse;
            Vector512<float> rounded = Vector512.Floor(exact + Vector512.Create(0.5f));
            Vector512<float> error = rounded - exact;
            tables[i] = ToBytes(rounded);
            errors += error;
            squares += error * error;
        }

        return (Vector512.Sum(errors) / EntryCount, Vector512.Sum(squares) / EntryCount);
    }

    /// <summary>The products of the 16 sign patterns of four dimensions with the query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Products(ReadOnlySpan<float> part)
    {
        Vector512<float> sum = part[0] * Vector512.Create(
            -0.5f, 0.5f, -0.5f, 0.5f, -0.5f, 0.5f, -0.5f, 0.5f,
            -0.5f, 0.5f, -0.5f, 0.5f, -0.5f, 0.5f, -0.5f, 0.5f);
        sum += part[1] * Vector512.Create(
            -0.5f, -0.5f, 0.5f, 0.5f, -0.5f, -0.5f, 0.5f, 0.5f,
            -0.5f, -0.5f, 0.5f, 0.5f, -0.5f, -0.5f, 0.5f, 0.5f);
        sum += part[2] * Vector512.Create(
            -0.5f, -0.5f, -0.5f, -0.5f, 0.5f, 0.5f, 0.5f, 0.5f,
            -0.5f, -0.5f, -0.5f, -0.5f, 0.5f, 0.5f, 0.5f, 0.5f);
        return sum + (part[3] * Vector512.Create(
            Vector256.Create(-0.5f), Vector256.Create(0.5f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ToBytes(Vector512<float> entries)
    {
        Vector512<int> whole = Vector512.ConvertToInt32(
            Vector512.Min(entries, Vector512.Create((float)EntryMax)));
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector128Byte(whole);
        }

        Vector256<ushort> words =
            Vector256.Narrow(whole.GetLower().AsUInt32(), whole.GetUpper().AsUInt32());
        return Vector128.Narrow(words.GetLower(), words.GetUpper());
    }
}
