namespace NeuroDb.Bench;

/// <summary>What was measured after a step of a runbook.</summary>
/// <param name="RowCount">Rows of the table.</param>
/// <param name="Newest">Recall of queries from the newest cluster.</param>
/// <param name="Deleted">That of queries from the cluster deleted last; NaN before one was.</param>
/// <param name="All">That of queries from all clusters.</param>
/// <param name="InsertsPerSecond">Rows inserted in a second, until the commit.</param>
/// <param name="QueryMs">Milliseconds of a query by the index.</param>
internal readonly record struct RunbookStep(
    long RowCount, double Newest, double Deleted, double All, double InsertsPerSecond,
    double QueryMs);
