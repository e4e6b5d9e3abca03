using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The rows of a table that have keys of new rows, for the clauses of one INSERT: each key is
/// looked up for all rows at once, when it is first asked for.
/// </summary>
internal sealed class RowsInWay(
    TableSnapshot snapshot,
    IReadOnlyList<ConflictClause> clauses,
    RowBatch rows,
    ExecutionContext context)
{
    private readonly Dictionary<UniqueKey, RowAddress?[]> _found = [];

    /// <summary>The first clause that one of a row's keys meets, and the row it meets.</summary>
    public ConflictClause? First(int row, out RowAddress met)
    {
        foreach (ConflictClause clause in clauses)
        {
            foreach (UniqueKey key in clause.Keys)
            {
                if (Of(key)[row] is { } there)
                {
                    met = there;
                    return clause;
                }
            }
        }

        met = default;
        return null;
    }

    /// <summary>Adds the rows that any of a row's keys meets.</summary>
    public void AddAll(int row, ConflictClause clause, HashSet<long> rowIds)
    {
        foreach (UniqueKey key in clause.Keys)
        {
            if (Of(key)[row] is { } there)
            {
                rowIds.Add(there.RowId);
            }
        }
    }

    private RowAddress?[] Of(UniqueKey key)
    {
        if (!_found.TryGetValue(key, out RowAddress?[]? found))
        {
            found = new RowAddress?[rows.Count];
            key.Find(snapshot, key.ColumnsOf(rows), found);
            _found.Add(key, found);
            context.Profile?.Note(
                new ChangeLookup(
                    ChangeLookupPurpose.Conflict, snapshot.Table.Schema.Name, key.Name),
                rows.Count,
                found.Count(static row => row is not null));
        }

        return found;
    }
}
