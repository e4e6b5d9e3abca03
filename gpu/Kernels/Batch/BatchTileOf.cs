using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Sums over three rows and four queries at once: every load serves three or four of the twelve
/// sums, which stay in registers. The fewest registers that any width has hold all of it.
/// </summary>
internal static unsafe class BatchTile<TLanes, TVector, TOperation>
    where TLanes : struct, IElementLanes<TVector>
    where TVector : struct
    where TOperation : struct, IPairOperation
{
    /// <summary>Rows of a tile.</summary>
    public const int RowCount = 3;

    /// <summary>Queries of a tile.</summary>
    public const int QueryCount = 4;

    /// <summary>
    /// Shapes: rows (3), queries (4), each (dimension); lane i of each result belongs to query i.
    /// </summary>
    public static void Run(
        nint* rows, nint* queries, int dimension, Vector128<float>* sums)
    {
        byte* row0 = (byte*)rows[0];
        byte* row1 = (byte*)rows[1];
        byte* row2 = (byte*)rows[2];
        byte* query0 = (byte*)queries[0];
        byte* query1 = (byte*)queries[1];
        byte* query2 = (byte*)queries[2];
        byte* query3 = (byte*)queries[3];
        TVector sum00 = default, sum01 = default, sum02 = default, sum03 = default;
        TVector sum10 = default, sum11 = default, sum12 = default, sum13 = default;
        TVector sum20 = default, sum21 = default, sum22 = default, sum23 = default;
        nint row = 0;
        nint query = 0;
        for (int rest = dimension; rest > 0; rest -= TLanes.Count)
        {
            bool isFull = rest >= TLanes.Count;
            TVector a = LoadRow(row0 + row, rest, isFull);
            TVector b = LoadRow(row1 + row, rest, isFull);
            TVector c = LoadRow(row2 + row, rest, isFull);
            TVector element = LoadQuery(query0 + query, rest, isFull);
            sum00 = TOperation.Step<TLanes, TVector>(a, element, sum00);
            sum10 = TOperation.Step<TLanes, TVector>(b, element, sum10);
            sum20 = TOperation.Step<TLanes, TVector>(c, element, sum20);
            element = LoadQuery(query1 + query, rest, isFull);
            sum01 = TOperation.Step<TLanes, TVector>(a, element, sum01);
            sum11 = TOperation.Step<TLanes, TVector>(b, element, sum11);
            sum21 = TOperation.Step<TLanes, TVector>(c, element, sum21);
            element = LoadQuery(query2 + query, rest, isFull);
            sum02 = TOperation.Step<TLanes, TVector>(a, element, sum02);
            sum12 = TOperation.Step<TLanes, TVector>(b, element, sum12);
            sum22 = TOperation.Step<TLanes, TVector>(c, element, sum22);
            element = LoadQuery(query3 + query, rest, isFull);
            sum03 = TOperation.Step<TLanes, TVector>(a, element, sum03);
            sum13 = TOperation.Step<TLanes, TVector>(b, element, sum13);
            sum23 = TOperation.Step<TLanes, TVector>(c, element, sum23);
            row += TLanes.Count * TLanes.RowSizeBytes;
            query += TLanes.Count * TLanes.QuerySizeBytes;
        }

        sums[0] = TLanes.SumFour(sum00, sum01, sum02, sum03);
        sums[1] = TLanes.SumFour(sum10, sum11, sum12, sum13);
        sums[2] = TLanes.SumFour(sum20, sum21, sum22, sum23);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadRow(byte* address, int rest, bool isFull) =>
        isFull ? TLanes.LoadRow(address) : TLanes.LoadRowPartial(address, rest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadQuery(byte* address, int rest, bool isFull) =>
        isFull ? TLanes.LoadQuery(address) : TLanes.LoadQueryPartial(address, rest);
}
