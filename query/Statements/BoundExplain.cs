using System.Globalization;

using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// EXPLAIN: the plan as lines of text, or as one text of JSON. EXPLAIN ANALYZE runs the statement
/// first and adds what each operator gave and took.
/// </summary>
internal sealed class BoundExplain(BoundStatement statement, bool isAnalyze, bool isJson)
    : BoundStatement
{
    private static readonly OutputColumn[] PlanColumns =
        [new OutputColumn(0, "plan", DataType.Text, IsNullable: false)];

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => PlanColumns;

    /// <inheritdoc/>
    public override bool ChangesData => isAnalyze && statement.ChangesData;

    /// <inheritdoc/>
    public override PlanNode? Plan => statement.Plan;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        string summary = "";
        if (isAnalyze)
        {
            context = context.Measured(new PlanProfile(context.Clock));
            context.Transaction.UniqueLookups = new UniqueLookups();
            summary = Analyze(context);
            if (statement.Plan is { } plan)
            {
                EstimateFeedback.Take(plan, context.Profile!);
            }
        }

        var lines = new List<string>(statement.Explain(context));
        if (isJson)
        {
            string title = statement is BoundQuery ? "Query" : lines.FirstOrDefault("");
            lines =
            [
                PlanJson.Write(title, statement.Lookups(context), statement.Plan, context),
            ];
        }
        else if (isAnalyze)
        {
            lines.Add(summary);
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
