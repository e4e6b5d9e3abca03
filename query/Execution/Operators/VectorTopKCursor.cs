using System.Numerics;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="VectorTopK"/>: all rows of the answer, computed at once.
/// </summary>
internal sealed class VectorTopKCursor(
    VectorTopK plan, int limit, int offset, ExecutionContext context) : BatchCursor
{
    private TableSnapshot? _snapshot;
    private ulong[][] _passing = [];
    private TableSlice[] _slices = [];
    private VectorWindows? _scan;
    private RowOutput? _output;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        _output ??= new RowOutput(limit == 0 ? new RowBatch([], 0) : Run());
        return _output.Next();
    }

    private RowBatch Run()
    {
        context.ThrowIfCancelled();
        _snapshot = context.Transaction.Open(plan.Scan.Table);
        _slices = new TableSlice[_snapshot.SliceCount];
        _passing = new ulong[_slices.Length][];
        SelectRows();
        Value query = Conditions.ValueOf(plan.Ranking.Query, context);
        _scan = new VectorWindows(
            plan.Scan.Table.Schema.Columns[plan.Ranking.VectorOrdinal].Type,
            plan.Ranking.VectorOrdinal,
            _slices,
            _passing,
            context);
        Candidate[] best = query.IsNull
            ? []
            : _scan.Run(new ScanQuery(plan.Metric, query.AsVector(), limit + offset));
        return Fetch(Fill(best));
    }

    private void SelectRows()
    {
        NarrowExpression? filter = plan.Scan.Filter;
        ZoneTest? zones = plan.Scan.Pruning?.Begin(_snapshot!, context);
        NodeProfile? profile = context.Profile?.Find(plan);
        void Select(int i)
        {
            context.ThrowIfCancelled();
            TableSlice slice = _snapshot!.Slice(i);
            _slices[i] = slice;
            if (filter is null)
            {
                _passing[i] = slice.VisibleMask.ToArray();
                return;
            }

            bool isEmpty = zones?.IsEmpty(i) == true;
            if (isEmpty)
            {
                profile?.CountSkippedChunk();
            }

            int[]? rows = isEmpty ? [] : SliceRows.Select(slice, filter, context);
            _passing[i] = rows is null ? [] : SliceRows.ToMask(rows, slice.Count);
            slice.Release();
        }

        if (filter is null)
        {
            for (int i = 0; i < _slices.Length; i++)
            {
                Select(i);
            }
        }
        else
        {
            context.Workers.ForEach(_slices.Length, Select);
        }
    }

    /// <summary>
    /// Adds passing rows without a distance, in the order of the table, until there are enough:
    /// where the kernel found fewer rows than asked for, it found all that have a distance.
    /// </summary>
    private List<Candidate> Fill(Candidate[] best)
    {
        var all = new List<Candidate>(best);
        if (best.Length == limit + offset)
        {
            return all;
        }

        HashSet<long> known = [.. best.Select(candidate => candidate.Id)];
        for (int i = 0; i < _slices.Length; i++)
        {
            int count = _slices[i].Count;
            ulong[] mask = _passing[i].Length == 0 ? VectorWindows.Full(count) : _passing[i];
            for (int word = 0; word < mask.Length; word++)
            {
                for (ulong bits = mask[word]; bits != 0; bits &= bits - 1)
                {
                    int row = (word << 6) + BitOperations.TrailingZeroCount(bits);
                    long id = ((long)i * Limits.ChunkRowCount) + row;
                    if (!known.Contains(id))
                    {
                        all.Add(new Candidate(double.NaN, id));
                    }

                    if (all.Count == limit + offset)
                    {
                        return all;
                    }
                }
            }
        }

        return all;
    }

    /// <summary>
    /// The output rows. Their distances are computed once more, in the precision of the expression,
    /// so that they are the same by whatever plan.
    /// </summary>
    private RowBatch Fetch(List<Candidate> all)
    {
        int count = Math.Max(0, all.Count - offset);
        var addresses = new RowAddress[count];
        var measures = new ColumnBuilder<double>(plan.Ranking.Distance.Type, count);
        for (int i = 0; i < count; i++)
        {
            Candidate candidate = all[offset + i];
            TableSlice slice = _slices[candidate.Id / Limits.ChunkRowCount];
            int row = (int)(candidate.Id % Limits.ChunkRowCount);
            addresses[i] = slice.AddressOf(row);
            if (double.IsNaN(candidate.Distance))
            {
                measures.AppendNull();
            }
            else
            {
                measures.AppendElement(
                    plan.Ranking.Distance.ValueFromDistance(_scan!.DistanceOf(candidate.Id)));
            }
        }

        int[] ordinals = plan.Scan.Ordinals;
        var columns = new List<ColumnBuffer>(plan.Output.Count);
        foreach (int ordinal in ordinals)
        {
            columns.Add(_snapshot!.Fetch(ordinal, addresses));
        }

        if (plan.Scan.WithRowAddress)
        {
            columns.Add(new ColumnBuffer<long>(
                DataType.BigInt, [.. addresses.Select(address => address.RowId)]));
        }

        columns.Add(measures.Build());
        return new RowBatch([.. columns], count);
    }
}
