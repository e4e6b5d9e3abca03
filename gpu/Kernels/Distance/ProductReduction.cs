using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The loop of the distances that need the product of a row with the query and the row's own
/// squared norm: both come out of one pass, added up in the order of <see cref="PairReduction"/>.
/// </summary>
internal static unsafe class ProductReduction
{
    /// <summary>dot(row, query), and dot(row, row).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum<TLanes, TVector>(
        byte* row, byte* query, int dimension, bool readAhead, out double rowSquaredNorm)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
    {
        int rowStep = TLanes.Count * TLanes.RowSizeBytes;
        int queryStep = TLanes.Count * TLanes.QuerySizeBytes;
        TVector dot0 = default;
        TVector dot1 = default;
        TVector dot2 = default;
        TVector dot3 = default;
        TVector norm0 = default;
        TVector norm1 = default;
        TVector norm2 = default;
        TVector norm3 = default;
        int rest = dimension;
        for (; rest >= 4 * TLanes.Count; rest -= 4 * TLanes.Count)
        {
            if (readAhead)
            {
                ReadAhead.Bytes(row, 4 * rowStep);
            }

            Step<TLanes, TVector>(row, query, ref dot0, ref norm0);
            Step<TLanes, TVector>(row + rowStep, query + queryStep, ref dot1, ref norm1);
            Step<TLanes, TVector>(
                row + (2 * rowStep), query + (2 * queryStep), ref dot2, ref norm2);
            Step<TLanes, TVector>(
                row + (3 * rowStep), query + (3 * queryStep), ref dot3, ref norm3);
            row += 4 * rowStep;
            query += 4 * queryStep;
        }

        for (; rest >= TLanes.Count; rest -= TLanes.Count)
        {
            Step<TLanes, TVector>(row, query, ref dot0, ref norm0);
            row += rowStep;
            query += queryStep;
        }

        if (rest > 0)
        {
            TVector tail = TLanes.LoadRowPartial(row, rest);
            dot1 = TLanes.AddProduct(tail, TLanes.LoadQueryPartial(query, rest), dot1);
            norm1 = TLanes.AddProduct(tail, tail, norm1);
        }

        rowSquaredNorm =
            TLanes.Sum(TLanes.Add(TLanes.Add(norm0, norm1), TLanes.Add(norm2, norm3)));
        return TLanes.Sum(TLanes.Add(TLanes.Add(dot0, dot1), TLanes.Add(dot2, dot3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TLanes, TVector>(
        byte* row, byte* query, ref TVector dot, ref TVector norm)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
    {
        TVector element = TLanes.LoadRow(row);
        dot = TLanes.AddProduct(element, TLanes.LoadQuery(query), dot);
        norm = TLanes.AddProduct(element, element, norm);
    }
}
