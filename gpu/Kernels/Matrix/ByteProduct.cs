using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>
/// Exact products of unsigned and signed bytes, C[r, c] = sum of A[r, t] B[t, c] in 32 bits. Both
/// forms give the same numbers. Only processors with AVX-VNNI are faster so than with floats, so
/// only these are asked; there is no form for devices.
/// </summary>
internal static class ByteProduct
{
    /// <summary>The deepest sum that cannot overflow: 2^31 / (255 127).</summary>
    public const int DepthMax = 66_000;

    private const int TileRows = 4;
    private const int VectorBytes = 32;

    /// <summary>Whether this processor multiplies bytes faster than floats.</summary>
    public static bool IsFast => AvxVnni.IsSupported;

    /// <summary>The product by its definition.</summary>
    /// <param name="a">(rows, padded depth).</param>
    /// <param name="rows">Rows.</param>
    /// <param name="b">The matrix.</param>
    /// <param name="c">Receives (rows, padded columns).</param>
    public static void ComputeReference(
        ReadOnlySpan<byte> a, int rows, ByteMatrix b, Span<int> c)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < b.PaddedColumns; column++)
            {
                int sum = 0;
                for (int term = 0; term < b.PaddedDepth; term++)
                {
                    sum += a[(row * b.PaddedDepth) + term] * b.Packed[b.PlaceOf(term, column)];
                }

                c[(row * b.PaddedColumns) + column] = sum;
            }
        }
    }

    /// <summary>The product by the fastest form of this processor.</summary>
    /// <param name="a">(rows, padded depth).</param>
    /// <param name="rows">Rows.</param>
    /// <param name="b">The matrix.</param>
    /// <param name="c">Receives (rows, padded columns).</param>
    public static void Compute(ReadOnlySpan<byte> a, int rows, ByteMatrix b, Span<int> c)
    {
        Invariant.Check(
            b.PaddedDepth <= DepthMax && a.Length >= rows * b.PaddedDepth
            && c.Length >= rows * b.PaddedColumns);
        if (!AvxVnni.IsSupported)
        {
            ComputeReference(a, rows, b, c);
            return;
        }

        ref byte source = ref MemoryMarshal.GetReference(a);
        ref int target = ref MemoryMarshal.GetReference(c);
        for (int column = 0; column < b.PaddedColumns; column += ByteMatrix.Block)
        {
            ref sbyte block = ref b.Packed[column * b.PaddedDepth];
            int row = 0;
            for (; row + TileRows <= rows; row += TileRows)
            {
                FourRows(
                    ref Unsafe.Add(ref source, row * b.PaddedDepth),
                    ref block,
                    b,
                    ref Unsafe.Add(ref target, (row * b.PaddedColumns) + column));
            }

            for (; row < rows; row++)
            {
                OneRow(
                    ref Unsafe.Add(ref source, row * b.PaddedDepth),
                    ref block,
                    b.PaddedDepth,
                    ref Unsafe.Add(ref target, (row * b.PaddedColumns) + column));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows(ref byte a, ref sbyte b, ByteMatrix matrix, ref int c)
    {
        int depth = matrix.PaddedDepth;
        Vector256<int> c00 = default;
        Vector256<int> c01 = default;
        Vector256<int> c10 = default;
        Vector256<int> c11 = default;
        Vector256<int> c20 = default;
        Vector256<int> c21 = default;
        Vector256<int> c30 = default;
        Vector256<int> c31 = default;
        ref byte second = ref Unsafe.Add(ref a, depth);
        ref byte third = ref Unsafe.Add(ref a, 2 * depth);
        ref byte fourth = ref Unsafe.Add(ref a, 3 * depth);
        for (int term = 0; term < depth; term += ByteMatrix.Group)
        {
            ref sbyte group = ref Unsafe.Add(ref b, term * ByteMatrix.Block);
            Vector256<sbyte> b0 = Vector256.LoadUnsafe(ref group);
            Vector256<sbyte> b1 = Vector256.LoadUnsafe(ref group, VectorBytes);
            Vector256<byte> x = Spread(ref a, term);
            c00 = AvxVnni.MultiplyWideningAndAdd(c00, x, b0);
            c01 = AvxVnni.MultiplyWideningAndAdd(c01, x, b1);
            x = Spread(ref second, term);
            c10 = AvxVnni.MultiplyWideningAndAdd(c10, x, b0);
            c11 = AvxVnni.MultiplyWideningAndAdd(c11, x, b1);
            x = Spread(ref third, term);
            c20 = AvxVnni.MultiplyWideningAndAdd(c20, x, b0);
            c21 = AvxVnni.MultiplyWideningAndAdd(c21, x, b1);
            x = Spread(ref fourth, term);
            c30 = AvxVnni.MultiplyWideningAndAdd(c30, x, b0);
            c31 = AvxVnni.MultiplyWideningAndAdd(c31, x, b1);
        }

        Store(c00, c01, ref c);
        Store(c10, c11, ref Unsafe.Add(ref c, matrix.PaddedColumns));
        Store(c20, c21, ref Unsafe.Add(ref c, 2 * matrix.PaddedColumns));
        Store(c30, c31, ref Unsafe.Add(ref c, 3 * matrix.PaddedColumns));
    }

    private static void OneRow(ref byte a, ref sbyte b, int depth, ref int c)
    {
        Vector256<int> first = default;
        Vector256<int> second = default;
        for (int term = 0; term < depth; term += ByteMatrix.Group)
        {
            ref sbyte group = ref Unsafe.Add(ref b, term * ByteMatrix.Block);
            Vector256<byte> x = Spread(ref a, term);
            first = AvxVnni.MultiplyWideningAndAdd(first, x, Vector256.LoadUnsafe(ref group));
            second = AvxVnni.MultiplyWideningAndAdd(
                second, x, Vector256.LoadUnsafe(ref group, VectorBytes));
        }

        Store(first, second, ref c);
    }

    // Four terms of a row beside four terms of each of eight columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Spread(ref byte row, int term) =>
        Vector256.Create(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref row, term))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> low, Vector256<int> high, ref int target)
    {
        low.StoreUnsafe(ref target);
        high.StoreUnsafe(ref target, 8);
    }
}
