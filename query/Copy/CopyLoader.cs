using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Puts the rows of a file into a table, with the checks of INSERT. Rows come in batches; where
/// one may not be stored, the batch is halved until it is found. The session takes back what a
/// failed statement has appended.
/// </summary>
internal sealed class CopyLoader(ExecutionContext context, string table, CopyRejects rejects)
{
    private readonly Dictionary<IReadOnlyList<string>, BulkInsert> _inserts = [];

    /// <summary>The rows stored so far.</summary>
    public long Count { get; private set; }

    /// <summary>Stores rows, but for those that are rejected.</summary>
    public void Append(CopiedRows rows)
    {
        if (rows.Rows.Count == 0)
        {
            return;
        }

        if (!_inserts.TryGetValue(rows.Columns, out BulkInsert? insert))
        {
            insert = new BulkInsert(context, table, rows.Columns, null);
            _inserts.Add(rows.Columns, insert);
        }

        Append(insert, rows, 0, rows.Rows.Count);
    }

    /// <summary>Ends the load; what was appended stays in the transaction.</summary>
    public void Complete()
    {
        foreach (BulkInsert insert in _inserts.Values)
        {
            insert.Complete();
        }
    }

    private void Append(BulkInsert insert, CopiedRows rows, int start, int count)
    {
        Invariant.Check(start >= 0 && start + count <= rows.Rows.Count);
        context.ThrowIfCancelled();
        try
        {
            insert.Append(rows.Rows.Slice(start, count));
            Count += count;
            return;
        }
        catch (ConstraintException error)
        {
            if (count == 1)
            {
                rejects.Add(rows.Lines[start], null, Plain(error), Text(rows.Rows, start));
                return;
            }
        }

        Append(insert, rows, start, count / 2);
        Append(insert, rows, start + (count / 2), count - (count / 2));
    }

    /// <summary>The error without what it says of the row's place in the batch.</summary>
    private static ConstraintException Plain(ConstraintException error)
    {
        string message = error.Message
            .Replace("row 1 of the statement has", "the row has", StringComparison.Ordinal)
            .Replace("Row 1 of the statement fails", "The row fails", StringComparison.Ordinal)
            .Replace(" Nothing was stored.", "", StringComparison.Ordinal);
        return new ConstraintException(error.Code, message);
    }

    private static byte[] Text(RowBatch rows, int row) => Encoding.UTF8.GetBytes(
        string.Join(',', rows.Columns.Select(column => ValueText.Format(column, row))));
}
