using System.Numerics;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The rows of a table whose addresses a plan gives, as one mask for each slice that has any.
/// </summary>
internal sealed class PassingMasks
{
    private readonly TableSnapshot _snapshot;
    private readonly ulong[]?[] _masks;
    private CandidateRows? _candidates;

    private PassingMasks(TableSnapshot snapshot)
    {
        _snapshot = snapshot;
        _masks = new ulong[]?[snapshot.SliceCount];
    }

    /// <summary>How many rows.</summary>
    public long Count { get; private set; }

    /// <summary>The rows for scans and indexes.</summary>
    public CandidateRows Candidates => _candidates ??= CandidateRows.Of(_snapshot, _masks);

    /// <summary>Runs a plan whose only column are addresses of rows of a table.</summary>
    public static PassingMasks Of(
        PlanNode plan, TableSnapshot snapshot, ExecutionContext context)
    {
        if (plan.Parallelize(context) is not { } pipeline)
        {
            using BatchCursor rows = plan.Open(context);
            return Of(rows, snapshot, context);
        }

        _ = snapshot.SliceCount;
        pipeline.Prepare();
        PassingMasks[] parts =
            Lanes.Run(pipeline, context, rows => Of(rows, snapshot, context));
        for (int i = 1; i < parts.Length; i++)
        {
            parts[0].Add(parts[i]);
        }

        return parts[0];
    }

    /// <summary>The positions of the rows, in ascending order.</summary>
    public IEnumerable<long> Positions()
    {
        for (int i = 0; i < _masks.Length; i++)
        {
            ulong[] mask = _masks[i] ?? [];
            for (int word = 0; word < mask.Length; word++)
            {
                for (ulong bits = mask[word]; bits != 0; bits &= bits - 1)
                {
                    yield return ((long)i * Limits.ChunkRowCount)
                        + (word << 6) + BitOperations.TrailingZeroCount(bits);
                }
            }
        }
    }

    private static PassingMasks Of(
        BatchCursor rows, TableSnapshot snapshot, ExecutionContext context)
    {
        var masks = new PassingMasks(snapshot);
        while (rows.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            foreach (long address in ((ColumnBuffer<long>)batch.Columns[0]).Values)
            {
                masks.Add(snapshot.PositionOf(new RowAddress(address)));
            }
        }

        return masks;
    }

    private void Add(long position)
    {
        ulong[] mask = _masks[position / Limits.ChunkRowCount] ??= NewMask();
        int row = (int)(position % Limits.ChunkRowCount);
        ulong bit = 1UL << (row & 63);
        Count += (mask[row >> 6] & bit) == 0 ? 1 : 0;
        mask[row >> 6] |= bit;
    }

    private void Add(PassingMasks other)
    {
        for (int i = 0; i < _masks.Length; i++)
        {
            if (other._masks[i] is not { } added)
            {
                continue;
            }

            ulong[] mask = _masks[i] ??= NewMask();
            for (int word = 0; word < mask.Length; word++)
            {
                Count += BitOperations.PopCount(added[word] & ~mask[word]);
                mask[word] |= added[word];
            }
        }
    }

    private static ulong[] NewMask() => new ulong[(Limits.ChunkRowCount + 63) / 64];
}
