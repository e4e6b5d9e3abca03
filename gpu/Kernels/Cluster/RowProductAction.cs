using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// The products of rows that lie one behind the other with one vector, waiting for registers. Four
/// rows are taken at a time, for which the vector is loaded once.
/// </summary>
internal readonly unsafe struct RowProductAction(
    byte* rows, int count, int dimension, byte* query, float* products) : IElementAction
{
    private readonly byte* _rows = rows;
    private readonly byte* _query = query;
    private readonly float* _products = products;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes, TVector>()
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
    {
        nint size = (nint)dimension * TLanes.RowSizeBytes;
        int row = 0;
        if (dimension % TLanes.Count == 0)
        {
            for (; row + 4 <= count; row += 4)
            {
                Four<TLanes, TVector>(_rows + (row * size), size, _products + row);
            }
        }

        for (; row < count; row++)
        {
            _products[row] = (float)PairReduction.Sum<TLanes, TVector, Dot>(
                _rows + (row * size), _query, dimension, false);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Four<TLanes, TVector>(byte* row, nint size, float* products)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
    {
        TVector sum0 = default;
        TVector sum1 = default;
        TVector sum2 = default;
        TVector sum3 = default;
        byte* query = _query;
        byte* end = row + size;
        for (; row < end; row += TLanes.Count * TLanes.RowSizeBytes)
        {
            TVector part = TLanes.LoadQuery(query);
            sum0 = TLanes.AddProduct(TLanes.LoadRow(row), part, sum0);
            sum1 = TLanes.AddProduct(TLanes.LoadRow(row + size), part, sum1);
            sum2 = TLanes.AddProduct(TLanes.LoadRow(row + (2 * size)), part, sum2);
            sum3 = TLanes.AddProduct(TLanes.LoadRow(row + (3 * size)), part, sum3);
            query += TLanes.Count * TLanes.QuerySizeBytes;
        }

        products[0] = (float)TLanes.Sum(sum0);
        products[1] = (float)TLanes.Sum(sum1);
        products[2] = (float)TLanes.Sum(sum2);
        products[3] = (float)TLanes.Sum(sum3);
    }
}
