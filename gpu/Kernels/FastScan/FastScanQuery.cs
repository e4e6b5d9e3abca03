using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// A rotated query as <see cref="FastScan"/> uses it: for each sub-code a table of the 16 products
/// that it may have with the query, in bytes. Made once for a query, whatever the number of lists.
/// </summary>
/// <remarks>
/// dot(v, q) of a row is Step * (sum of table entries) + Base, off by a rounding whose standard
/// deviation over all codes is Spread. Each table is moved to begin at 0 and all are divided by one
/// step, so that the widest has the entry 255. A query with a NaN or an infinity gives no estimate:
/// Step and Base are NaN.
/// </remarks>
internal sealed class FastScanQuery
{
    /// <summary>Entries of a table.</summary>
    public const int EntryCount = 16;

    private readonly byte[] _tables;

    /// <summary>Makes the tables of a query for codes of 1 or 4 bits.</summary>
    public FastScanQuery(int bits, ReadOnlySpan<float> query)
    {
        Invariant.Check(query.Length % RandomRotation.Multiple == 0 && query.Length > 0);
        int count = CodeBlock.SubCodeCount(bits, query.Length);
        int dimensions = query.Length / count;
        _tables = new byte[count * EntryCount];
        float widest = 0;
        for (int i = 0; i < query.Length; i += dimensions)
        {
            widest = Math.Max(widest, Width(query.Slice(i, dimensions)));
        }

        float step = widest / 255;
        double start = 0;
        Vector512<float> squares = default;
        float inverse = step == 0 ? 0 : 1 / step;
        Span<Vector128<byte>> tables =
            MemoryMarshal.Cast<byte, Vector128<byte>>(_tables.AsSpan());
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> part = query.Slice(i * dimensions, dimensions);
            float lowest = -Width(part) / 2;
            Vector512<float> exact = (Products(part) - Vector512.Create(lowest)) * inverse;
            Vector512<float> rounded = Vector512.Floor(exact + Vector512.Create(0.5f));
            tables[i] = ToBytes(rounded);
            Vector512<float> error = rounded - exact;
            float mean = Vector512.Sum(error) / EntryCount;
            error -= Vector512.Create(mean);
            squares += error * error;
            start += lowest - (mean * step);
        }

        bool isDefined = float.IsFinite(widest);
        Step = isDefined ? step : float.NaN;
        Base = isDefined ? (float)start : float.NaN;
        Spread = step * MathF.Sqrt(Vector512.Sum(squares) / EntryCount);
    }

    /// <summary>The tables, 16 bytes for each sub-code.</summary>
    public ReadOnlySpan<byte> Tables => _tables;

    /// <summary>What a unit of the tables stands for.</summary>
    public float Step { get; }

    /// <summary>What a sum of zeros stands for.</summary>
    public float Base { get; }

    /// <summary>The standard deviation of the rounding of the tables.</summary>
    public float Spread { get; }

    /// <summary>How far the products of one table lie apart.</summary>
    private static float Width(ReadOnlySpan<float> part)
    {
        float sum = 0;
        foreach (float element in part)
        {
            sum += MathF.Abs(element);
        }

        return part.Length == 1 ? 15 * sum : sum;
    }

    /// <summary>The products of the 16 values of a sub-code with its part of the query.</summary>
    private static Vector512<float> Products(ReadOnlySpan<float> part)
    {
        if (part.Length == 1)
        {
            return part[0] * (Vector512<float>.Indices - Vector512.Create(7.5f));
        }

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

    private static Vector128<byte> ToBytes(Vector512<float> entries)
    {
        Vector512<uint> whole = Vector512.ConvertToUInt32(
            Vector512.Min(entries, Vector512.Create(255f)));
        Vector256<ushort> words = Vector256.Narrow(whole.GetLower(), whole.GetUpper());
        return Vector128.Narrow(words.GetLower(), words.GetUpper());
    }
}
