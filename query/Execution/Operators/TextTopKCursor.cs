using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="TextTopK"/>: all rows of the answer, computed at once.
/// </summary>
internal sealed class TextTopKCursor(
    TextTopK plan, string words, int limit, int offset, ExecutionContext context) : BatchCursor
{
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
        TextScoreExpression score = plan.Scoring.Score;
        TextMatch[] best = TextSearch.Run(
            score.Structure,
            rows.Snapshot,
            score.RankingOf(words, context),
            rows.Masks,
            limit + offset,
            context.Cancellation);
        return Fetch(rows, Fill(rows, best));
    }

    // Rows without any of the words have the score 0 and come in the order of the table; NULLs
    // come behind all others.
    private List<TextMatch> Fill(CandidateRows rows, TextMatch[] best)
    {
        var all = new List<TextMatch>(best);
        if (all.Count == limit + offset)
        {
            return all;
        }

        int ordinal = plan.Scoring.Score.Structure.Ordinal;
        HashSet<long> known = [.. best.Select(match => match.Id)];
        foreach (bool isNull in new[] { false, true })
        {
            foreach (long id in rows.All())
            {
                if (!known.Contains(id)
                    && rows.SliceOf(id).NullsOf(ordinal).IsNull((int)(id % Limits.ChunkRowCount))
                        == isNull)
                {
                    all.Add(new TextMatch(isNull ? double.NaN : 0, id));
                }

                if (all.Count == limit + offset)
                {
                    return all;
                }
            }
        }

        return all;
    }

    private RowBatch Fetch(CandidateRows rows, List<TextMatch> all)
    {
        int count = Math.Max(0, all.Count - offset);
        var addresses = new RowAddress[count];
        var scores = new ColumnBuilder<double>(plan.Scoring.Score.Type, count);
        for (int i = 0; i < count; i++)
        {
            TextMatch match = all[offset + i];
            addresses[i] = rows.AddressOf(match.Id);
            if (double.IsNaN(match.Score))
            {
                scores.AppendNull();
            }
            else
            {
                scores.AppendElement(match.Score);
            }
        }

        List<ColumnBuffer> columns = rows.Fetch(plan.Scan, addresses);
        columns.Add(scores.Build());
        return new RowBatch([.. columns], count);
    }
}
