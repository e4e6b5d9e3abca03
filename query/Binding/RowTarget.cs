using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The rows that an UPDATE or DELETE changes.</summary>
/// <param name="Table">The table.</param>
/// <param name="Scope">The names of its columns and of those joined to it.</param>
/// <param name="Source">Gives the columns of the scan, and those joined to it.</param>
/// <param name="Scan">All columns of the table, in order, and last where each row lies.</param>
/// <param name="MayRepeat">Whether a row may come more than once; the first counts.</param>
internal sealed record RowTarget(
    TableEntry Table, Scope Scope, LogicalNode Source, LogicalScan Scan, bool MayRepeat)
{
    /// <summary>Where each row lies.</summary>
    public OutputColumn Address => Scan.Output[^1];

    /// <summary>
    /// The columns for each row once, the address among them and first of all.
    /// </summary>
    public LogicalNode Once(IReadOnlyList<ProjectedColumn> columns, ColumnIdentifiers identifiers)
    {
        LogicalNode all = new LogicalProject(Source, columns);
        if (!MayRepeat)
        {
            return all;
        }

        IEnumerable<ProjectedColumn> again = all.Output.Select(column => new ProjectedColumn(
            new ColumnExpression(column.Id, column.Name, column.Type),
            column with { Id = identifiers.Next() }));
        return new LogicalAggregate(all, [.. again.Take(1)], [], [.. again.Skip(1)]);
    }
}
