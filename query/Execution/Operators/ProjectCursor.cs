namespace NeuroDb.Query;

/// <summary>The state of a <see cref="Project"/>.</summary>
internal sealed class ProjectCursor(
    BatchCursor input, Expression[] expressions, ExecutionContext context) : BatchCursor
{
    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        RowBatch? batch = input.Next();
        if (batch is null)
        {
            return null;
        }

        var columns = new ColumnBuffer[expressions.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = expressions[i].Evaluate(batch, context);
        }

        return new RowBatch(columns, batch.Count);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        input.Dispose();
        base.Dispose();
    }
}
