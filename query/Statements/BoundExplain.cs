using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// EXPLAIN: the plan as lines of text. EXPLAIN ANALYZE also runs the statement and adds what it
/// gave.
/// </summary>
internal sealed class BoundExplain(BoundStatement statement, bool isAnalyze) : BoundStatement
{
    private static readonly OutputColumn[] PlanColumns =
        [new OutputColumn(0, "plan", DataType.Text, IsNullable: false)];

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => PlanColumns;

    /// <inheritdoc/>
    public override bool ChangesData => isAnalyze && statement.ChangesData;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        var lines = new List<string>(statement.Explain(context));
        if (isAnalyze)
        {
            lines.Add(Analyze(context));
        }

        var builder = new ColumnBuilder<string>(DataType.Text, lines.Count);
        foreach (string line in lines)
        {
            builder.AppendElement(line);
        }

        return new StatementResult(
            PlanColumns,
            -1,
            new BufferedCursor([new RowBatch([builder.Build()], lines.Count)]));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        statement.Explain(context);

    private string Analyze(ExecutionContext context)
    {
        long start = context.Clock.GetTimestamp();
        using StatementResult result = statement.Run(context);
        long rows = 0;
        while (result.Next() is RowBatch batch)
        {
            rows += batch.Count;
        }

        double elapsedMs = context.Clock.GetElapsedTime(start).TotalMilliseconds;
        long seen = result.RowsAffected >= 0 ? result.RowsAffected : rows;
        return string.Create(
            CultureInfo.InvariantCulture, $"actual: {seen} rows in {elapsedMs:F3} ms");
    }
}
