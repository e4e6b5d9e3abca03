using System.Text.Json;
using NeuroDb.Query;
using NeuroDb.Storage;

namespace NeuroDb.Bench;

/// <summary>What EXPLAIN of NeuroStore says of sub-plans, and how long an estimate takes.</summary>
internal sealed class NeuroEstimates : IDisposable
{
    private readonly QueryEngine _engine =
        QueryEngine.Open(SystemSeams.Real(), null, new QueryEngineOptions());

    private readonly QuerySession _session;

    /// <summary>Loads the tables.</summary>
    public NeuroEstimates(IEnumerable<ForumTable> tables)
    {
        _session = _engine.OpenSession();
        foreach (ForumTable table in tables)
        {
            Run(table.Definition);
            foreach (string insert in table.Inserts())
            {
                Run(insert);
            }
        }
    }

    /// <summary>ANALYZE; the processor seconds that it took.</summary>
    public double Analyze() => ThreadTime.Of(() => Run("ANALYZE")) / 1e9;

    /// <summary>The estimate of a sub-plan.</summary>
    public (double Rows, double Low, double High, string Source) Estimate(SubPlan plan)
    {
        string text = Run("EXPLAIN (FORMAT JSON) " + plan.Sql.TrimEnd(';'))!;
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement node = document.RootElement.GetProperty("plan");
        while (node.GetProperty("operator").GetString() is "Project" or "HashAggregate")
        {
            node = node.GetProperty("inputs")[0];
        }

        return (
            node.GetProperty("estimatedRows").GetDouble(),
            node.GetProperty("estimatedRowsLow").GetDouble(),
            node.GetProperty("estimatedRowsHigh").GetDouble(),
            node.GetProperty("estimateSource").GetString()!);
    }

    /// <summary>
    /// The processor time of an estimate in microseconds: conditions evaluated on the samples of
    /// all tables and messages over the whole join, nothing kept from another sub-plan.
    /// </summary>
    public double MicrosecondsOf(SubPlan plan)
    {
        using StorageTransaction transaction = _engine.Storage.Begin();
        var binder = new Binder(transaction.Catalog, [], new NoticeList());
        var syntax = (SelectStatementSyntax)SqlParser.Parse(plan.Sql)[0];
        LogicalNode node = PredicatePushDownRule.Apply(ConditionRule.Apply(
            ConstantFoldingRule.Apply(InlineRule.Apply(binder.BindQuery(syntax.Query)))));
        while (node is not LogicalJoin)
        {
            node = node.Children[0];
        }

        var leaves = new List<LogicalNode>();
        var conditions = new List<Expression>();
        JoinOrderRule.Flatten(node, leaves, conditions);
        ulong all = (1UL << leaves.Count) - 1;
        return ThreadTime.Of(() => new JoinEstimator(leaves, conditions).Of(all)) / 1e3;
    }

    /// <summary>The processor time of binding and planning a statement, parsed before.</summary>
    public double PlanningMicroseconds(SubPlan plan)
    {
        using StorageTransaction transaction = _engine.Storage.Begin();
        var binder = new Binder(transaction.Catalog, [], new NoticeList());
        var syntax = (SelectStatementSyntax)SqlParser.Parse(plan.Sql)[0];
        return ThreadTime.Of(() => _ = StatementBinder.Bind(syntax, binder)) / 1e3;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _engine.Dispose();
    }

    // The first value of a result, if it has rows.
    private string? Run(string sql)
    {
        using StatementResult result = _session.Execute(_session.Prepare(sql)[0], []);
        string? first = null;
        while (result.Next() is RowBatch batch)
        {
            first ??= batch.Count > 0 ? batch.Columns[0].GetValue(0).AsText() : null;
        }

        return first;
    }
}
