using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>ANALYZE: gathers statistics of the columns and stores them.</summary>
internal sealed class BoundAnalyze : BoundDefinition
{
    private readonly TableEntry[] _tables;

    /// <summary>Looks the table up.</summary>
    public BoundAnalyze(AnalyzeStatementSyntax syntax, Binder binder)
        : base("Analyze")
    {
        _tables = syntax.Table is { } name
            ? [binder.BindTable(name)]
            : [.. HiddenTables.Without(binder.Catalog.Tables)];
    }

    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        foreach (TableEntry table in _tables)
        {
            context.ThrowIfCancelled();
            ColumnStatisticsStore.Gather(table, context);
            TableStatistics.Analyze(table, context);
        }

        StatisticsTable.DeleteOfDropped(context.Transaction);
    }
}
