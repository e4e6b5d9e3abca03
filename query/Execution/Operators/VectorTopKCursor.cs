using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="VectorTopK"/>: all rows of the answer, computed at once.
/// </summary>
internal sealed class VectorTopKCursor(
    VectorTopK plan, int limit, int offset, ExecutionContext context) : BatchCursor
{
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
        CandidateRows rows = CandidateRows.Select(plan, plan.Scan, context);
        Value query = Conditions.ValueOf(plan.Ranking.Query, context);
        _scan = new VectorWindows(
            plan.Scan.Table.Schema.Columns[plan.Ranking.VectorOrdinal].Type,
            plan.Ranking.VectorOrdinal,
            rows.Slices,
            rows.Masks,
            context);
        Candidate[] best = query.IsNull
            ? []
            : _scan.Run(new ScanQuery(plan.Metric, query.AsVector(), limit + offset));
        return Fetch(rows, Fill(rows, best));
    }

    /// <summary>
    /// Adds passing rows without a distance, in the order of the table, until there are enough:
    /// where the kernel found fewer rows than asked for, it found all that have a distance.
    /// </summary>
    private List<Candidate> Fill(CandidateRows rows, Candidate[] best)
    {
        var all = new List<Candidate>(best);
        if (best.Length == limit + offset)
        {
            return all;
        }

        HashSet<long> known = [.. best.Select(candidate => candidate.Id)];
        foreach (long id in rows.All())
        {
            if (!known.Contains(id))
            {
                all.Add(new Candidate(double.NaN, id));
            }

            if (all.Count == limit + offset)
            {
                break;
            }
        }

        return all;
    }

    /// <summary>
    /// The output rows. Their distances are computed once more, in the precision of the expression,
    /// so that they are the same by whatever plan.
    /// </summary>
    private RowBatch Fetch(CandidateRows rows, List<Candidate> all)
    {
        int count = Math.Max(0, all.Count - offset);
        var addresses = new RowAddress[count];
        var measures = new ColumnBuilder<double>(plan.Ranking.Distance.Type, count);
        for (int i = 0; i < count; i++)
        {
            Candidate candidate = all[offset + i];
            addresses[i] = rows.AddressOf(candidate.Id);
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

        List<ColumnBuffer> columns = rows.Fetch(plan.Scan, addresses);
        columns.Add(measures.Build());
        return new RowBatch([.. columns], count);
    }
}
