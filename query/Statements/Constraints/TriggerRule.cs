using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// A trigger under one catalog, with its statements bound for it when it first runs. A lost race
/// only binds once more.
/// </summary>
internal sealed class TriggerRule(string name, CreateTriggerStatementSyntax definition)
{
    private BoundStatement[]? _statements;
    private PlanNode? _when;

    /// <summary>The definition.</summary>
    public CreateTriggerStatementSyntax Definition { get; } = definition;

    /// <summary>Runs the trigger for rows, one after the other.</summary>
    /// <param name="columns">The columns of the table or view.</param>
    /// <param name="old">The rows before the change, or null.</param>
    /// <param name="new">The rows after the change, or null.</param>
    /// <param name="context">The execution.</param>
    /// <returns>The rows that the trigger does not ignore; null for all.</returns>
    public int[]? Run(
        IReadOnlyList<ColumnSchema> columns,
        RowBatch? old,
        RowBatch? @new,
        ExecutionContext context)
    {
        BoundStatement[] statements = Bind(columns, context.Transaction.Catalog);
        int count = old?.Count ?? @new!.Count;
        HashSet<int>? ignored = null;
        for (int row = 0; row < count; row++)
        {
            context.ThrowIfCancelled();
            if (Definition.Columns.Count > 0 && !IsChanged(columns, old!, @new!, row))
            {
                continue;
            }

            var values = new Value[2 * columns.Count];
            for (int i = 0; i < columns.Count; i++)
            {
                values[i] = old?.Columns[i].GetValue(row) ?? Value.Null;
                values[columns.Count + i] = @new?.Columns[i].GetValue(row) ?? Value.Null;
            }

            ExecutionContext inner = context.ForTrigger(values, name);
            try
            {
                if (_when is null || BatchJoiner.ReadAll(_when, inner) is not null)
                {
                    RunStatements(statements, inner);
                }
            }
            catch (RowIgnoredException)
            {
                (ignored ??= []).Add(row);
            }
        }

        return ignored is null
            ? null
            : [.. Enumerable.Range(0, count).Where(row => !ignored.Contains(row))];
    }

    private static void RunStatements(BoundStatement[] statements, ExecutionContext context)
    {
        using OwnedResources owned = context.Owned;
        foreach (BoundStatement statement in statements)
        {
            using StatementResult result = statement.Run(context);
            while (result.Next() is not null)
            {
                context.ThrowIfCancelled();
            }
        }
    }

    private bool IsChanged(
        IReadOnlyList<ColumnSchema> columns, RowBatch old, RowBatch @new, int row)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            bool isNamed = Definition.Columns.Any(
                column => Dependencies.IsNamed(column.Name, columns[i].Name));
            if (isNamed && !KeyValues.AreSame(
                old.Columns[i].GetValue(row), @new.Columns[i].GetValue(row)))
            {
                return true;
            }
        }

        return false;
    }

    private BoundStatement[] Bind(IReadOnlyList<ColumnSchema> columns, CatalogView catalog)
    {
        if (_statements is { } bound)
        {
            return bound;
        }

        var row = new TriggerRow(Definition.Event, columns);
        if (Definition.WhenText is { } when)
        {
            var select = (SelectStatementSyntax)SqlParser.Parse($"SELECT 1 WHERE ({when})")[0];
            Binder binder = NewBinder(row, catalog);
            _when = new Planner(binder.Identifiers).Plan(binder.BindQuery(select.Query));
        }

        return _statements =
        [
            .. SqlParser.Parse(Definition.Body).Select(
                syntax => StatementBinder.Bind(syntax, NewBinder(row, catalog))),
        ];
    }

    private static Binder NewBinder(TriggerRow row, CatalogView catalog) =>
        new(catalog, row.Types, new NoticeList()) { TriggerRow = row };
}
