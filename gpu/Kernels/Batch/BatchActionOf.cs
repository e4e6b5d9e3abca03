using System.Numerics;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// All queries of a batch over the rows of a chunk, waiting for the registers. Tiles give bounds;
/// what a bound leaves is ranked by the kernel that scans for one query, so that a batch finds the
/// same rows, to the bit.
/// </summary>
internal unsafe ref struct BatchAction<TOperation, TExact>(
    BatchState state, RowChunk chunk, nint* queries, int dimension, TExact exact) : IElementAction
    where TOperation : struct, IPairOperation
    where TExact : struct, IExactRank
{
    private readonly nint* _queries = queries;

    /// <inheritdoc/>
    public readonly void Run<TLanes, TVector>()
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct
    {
        nint* rows = stackalloc nint[3];
        nint* queries = stackalloc nint[4];
        Vector128<float>* sums = stackalloc Vector128<float>[3];
        byte* scratch = stackalloc byte[BatchTile<TLanes, TVector, TOperation>.ScratchBytes];
        for (int query = 0; query < state.Count; query += 4)
        {
            for (int i = 0; i < 4; i++)
            {
                queries[i] = _queries[Math.Min(query + i, state.Count - 1)];
            }

            for (int row = 0; row < chunk.Count; row += 3)
            {
                for (int i = 0; i < 3; i++)
                {
                    rows[i] = chunk.TileRows[Math.Min(row + i, chunk.Count - 1)];
                }

                BatchTile<TLanes, TVector, TOperation>.Run(
                    rows, queries, dimension, scratch, sums);
                int count = Math.Min(3, chunk.Count - row);
                for (int i = 0; i < count; i++)
                {
                    Offer(query, row + i, sums[i]);
                }
            }
        }
    }

    private readonly void Offer(int query, int row, Vector128<float> sums)
    {
        TileBounds own = chunk.Bounds[row];
        Vector128<float> scale =
            Vector128.Create(state.Scales.AsSpan(query)) * Vector128.Create(own.Scale);
        Vector128<float> lower = Vector128.Create(state.Terms.AsSpan(query))
            + Vector128.Create(own.Term) - (scale * sums);
        Vector128<float> threshold = Vector128.Create(state.Thresholds.AsSpan(query));
        uint kept = Lanes128.NotGreater(lower, threshold);
        for (; kept != 0; kept &= kept - 1)
        {
            int at = query + BitOperations.TrailingZeroCount(kept);
            if (at < state.Count)
            {
                float rank = exact.Rank(chunk.Indexes[row], at, state.Norms[at]);
                state.Offer(at, rank, exact.Id(chunk.Indexes[row]));
            }
        }
    }
}
