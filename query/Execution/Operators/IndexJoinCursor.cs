using System.Runtime.InteropServices;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The state of an <see cref="IndexJoin"/>: the right rows at hand are the partners of one batch of
/// left rows.
/// </summary>
/// <param name="join">The operator.</param>
/// <param name="context">The execution.</param>
/// <param name="left">The left rows of one thread of several; null for all.</param>
/// <param name="snapshot">The right table as several threads see it; null to open it.</param>
internal sealed class IndexJoinCursor(
    IndexJoin join,
    ExecutionContext context,
    BatchCursor? left = null,
    TableSnapshot? snapshot = null)
    : JoinCursor(join.Shape, context)
{
    private TableSnapshot? _snapshot = snapshot;
    private int[] _keys = [];
    private int _next;

    /// <inheritdoc/>
    protected override bool FindsRight => true;

    /// <inheritdoc/>
    protected override bool Start()
    {
        _snapshot ??= Context.Open(join.Right.Table);
        Begin(left ?? join.Shape.Left.Open(Context), new RowBatch([], 0));
        return true;
    }

    /// <inheritdoc/>
    protected override void StartLeft(RowBatch left)
    {
        var columns = new ColumnBuffer[join.LeftKeys.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = join.LeftKeys[i].Evaluate(left, Context);
        }

        var rows = new List<int>(left.Count);
        for (int row = 0; row < left.Count; row++)
        {
            if (!Array.Exists(columns, column => column.IsNull(row)))
            {
                rows.Add(row);
            }
        }

        var hits = new List<IndexHit>(rows.Count);
        if (rows.Count > 0)
        {
            Find(columns, rows, hits);
        }

        // In the order of the left rows; of one row's partners, the older ones first.
        IndexHit[] ordered = join.Index is null
            ? [.. hits]
            : [.. hits
                .OrderBy(static hit => hit.Key)
                .ThenBy(static hit => (ulong)TableSnapshot.AddressOf(hit.Place).RowId)];
        RowBatch right = PlacedRows.Fetch(
            _snapshot!,
            join.Right.Ordinals,
            join.Right.WithRowAddress,
            [.. ordered.Select(static hit => hit.Place)]);
        _keys = [.. ordered.Select(hit => rows[hit.Key])];
        if (join.Filter is not null && right.Count > 0
            && Conditions.Rows(join.Filter, right, Context) is { } passing)
        {
            right = right.Gather(passing);
            _keys = [.. passing.Select(row => _keys[row])];
        }

        GiveRight(right);
        _next = 0;
    }

    /// <inheritdoc/>
    protected override int Propose(Span<int> leftRows, Span<int> rightRows)
    {
        int count = Math.Min(leftRows.Length, _keys.Length - _next);
        for (int i = 0; i < count; i++)
        {
            leftRows[i] = _keys[_next];
            rightRows[i] = _next++;
        }

        return count;
    }

    private void Find(ColumnBuffer[] columns, List<int> rows, List<IndexHit> hits)
    {
        if (join.Index is null)
        {
            var key = new ColumnBuffer[columns.Length];
            int[] wanted = [.. rows];
            for (int i = 0; i < key.Length; i++)
            {
                key[i] = columns[i].Gather(wanted);
            }

            var found = new RowPlace[rows.Count];
            _snapshot!.FindMany(join.KeyOrdinal, key, found);
            for (int i = 0; i < found.Length; i++)
            {
                if (found[i].Row >= 0)
                {
                    hits.Add(new IndexHit(i, found[i]));
                }
            }

            return;
        }

        IndexKeys keys = LearnedIndex.Of(join.Index, join.Right.Table).Keys;
        var codes = new ulong[columns.Length][];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = new ulong[rows.Count];
            keys[i].Encode(
                columns[i], CollectionsMarshal.AsSpan(rows), codes[i]);
        }

        _snapshot!.Find(
            join.Index, codes, hits,
            values: (key, column) => columns[column].GetValue(rows[key]));
    }
}
