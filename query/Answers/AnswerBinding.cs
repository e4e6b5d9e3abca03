using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// How the values of a column that asks a model are made, bound for one version of the catalog:
/// the same for all slices of work until a definition changes.
/// </summary>
internal sealed class AnswerBinding
{
    private readonly AnswerColumn _column;
    private readonly Planner _planner;
    private readonly LogicalScan _scan;

    /// <summary>Binds the column.</summary>
    public AnswerBinding(TableEntry table, AnswerColumn column, CatalogView catalog)
    {
        _column = column;
        CatalogVersion = catalog.Version;
        var binder = new Binder(catalog, [], new NoticeList());
        _planner = new Planner(binder.Identifiers);
        _scan = binder.Scan(table, null, withRowAddress: true);
        Value = _planner.Resolve(
            TableWriter.BindGenerated(
                table.Schema.Columns[column.Ordinal], binder, binder.ScopeOf(_scan)),
            [.. _scan.Output.SkipLast(1)]);
    }

    /// <summary>The version of the catalog for which it holds.</summary>
    public long CatalogVersion { get; }

    /// <summary>The value of a row, over the columns of the table.</summary>
    public Expression Value { get; }

    /// <summary>All rows, their columns and then their addresses.</summary>
    public PlanNode PlanAll() => _planner.Plan(_scan);

    /// <summary>The addresses of the rows whose value is not made.</summary>
    public PlanNode PlanPending() => _planner.Plan(LogicalProject.Of(
        new LogicalFilter(_scan, AnswerRows.Pending(_scan, _column)), [_scan.Output[^1]]));
}
