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

    /// <summary>Bytes that a tile needs to complete the last register of each vector.</summary>
    public const int ScratchBytes = (RowCount + QueryCount) * RegisterBytesMax;

    private const int RegisterBytesMax = 64;
    private const int QueryStart = RowCount * RegisterBytesMax;

    /// <summary>
    /// Shapes: rows (3), queries (4), each (dimension); lane i of each result belongs to query i.
    /// </summary>
    public static void Run(
        nint* rows, nint* queries, int dimension, byte* scratch, Vector128<float>* sums)
    {
        int rest = dimension % TLanes.Count;
        if (rest > 0)
        {
            Complete(rows, RowCount, dimension, rest, TLanes.RowSizeBytes, scratch);
            Complete(
                queries, QueryCount, dimension, rest, TLanes.QuerySizeBytes, scratch + QueryStart);
        }

        Sum(rows, queries, dimension, scratch, sums);
    }

    /// <summary>
    /// The loop, without any call in it: a call would drive all sums into memory.
    /// </summary>
    private static void Sum(
        nint* rows, nint* queries, int dimension, byte* scratch, Vector128<float>* sums)
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
        nint row = 0, query = 0;
        int rest = dimension % TLanes.Count;
        int steps = (dimension / TLanes.Count) + (rest > 0 ? 1 : 0);
        for (; steps > 0; steps--)
        {
            if (steps == 1 && rest > 0)
            {
                row0 = scratch - row;
                row1 = row0 + RegisterBytesMax;
                row2 = row1 + RegisterBytesMax;
                query0 = scratch + QueryStart - query;
                query1 = query0 + RegisterBytesMax;
                query2 = query1 + RegisterBytesMax;
                query3 = query2 + RegisterBytesMax;
            }

            TVector a = TLanes.LoadRow(row0 + row);
            TVector b = TLanes.LoadRow(row1 + row);
            TVector c = TLanes.LoadRow(row2 + row);
            TVector element = TLanes.LoadQuery(query0 + query);
            sum00 = TOperation.Step<TLanes, TVector>(a, element, sum00);
            sum10 = TOperation.Step<TLanes, TVector>(b, element, sum10);
            sum20 = TOperation.Step<TLanes, TVector>(c, element, sum20);
            element = TLanes.LoadQuery(query1 + query);
            sum01 = TOperation.Step<TLanes, TVector>(a, element, sum01);
            sum11 = TOperation.Step<TLanes, TVector>(b, element, sum11);
            sum21 = TOperation.Step<TLanes, TVector>(c, element, sum21);
            element = TLanes.LoadQuery(query2 + query);
            sum02 = TOperation.Step<TLanes, TVector>(a, element, sum02);
            sum12 = TOperation.Step<TLanes, TVector>(b, element, sum12);
            sum22 = TOperation.Step<TLanes, TVector>(c, element, sum22);
            element = TLanes.LoadQuery(query3 + query);
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

    /// <summary>
    /// Copies the elements past the last whole register of each vector and appends zeros, so that
    /// the loop only ever loads whole registers.
    /// </summary>
    private static void Complete(
        nint* vectors, int count, int dimension, int rest, int sizeBytes, byte* scratch)
    {
        for (int i = 0; i < count; i++)
        {
            byte* from = (byte*)vectors[i] + ((nint)(dimension - rest) * sizeBytes);
            var target = new Span<byte>(scratch + (i * RegisterBytesMax), RegisterBytesMax);
            target[(rest * sizeBytes)..].Clear();
            new ReadOnlySpan<byte>(from, rest * sizeBytes).CopyTo(target);
        }
    }
}
