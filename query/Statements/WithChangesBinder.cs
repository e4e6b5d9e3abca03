namespace NeuroDb.Query;

/// <summary>Binds statements whose WITH has items that change rows.</summary>
internal static class WithChangesBinder
{
    /// <summary>Whether a statement has such items.</summary>
    public static bool HasChanges(StatementSyntax syntax) =>
        ItemsOf(syntax).Any(static item => item.Change is not null);

    /// <summary>The bound statement; null if its WITH has only queries.</summary>
    public static BoundStatement? TryBind(StatementSyntax syntax, Binder binder)
    {
        if (!HasChanges(syntax))
        {
            return null;
        }

        var parts = new List<(WorkingTable Rows, BoundStatement Change)>();
        foreach (CommonTableSyntax item in ItemsOf(syntax))
        {
            if (item.Change is null)
            {
                binder.UseTables([item]);
                continue;
            }

            BoundStatement change = StatementBinder.Bind(item.Change, binder);
            var rows = new WorkingTable(item.Name.Name, Renamed(item, change.Columns), null);
            parts.Add((rows, change));
            binder.UseTable(item, rows);
        }

        BoundStatement last = StatementBinder.Bind(Without(syntax), binder);
        IEnumerable<Storage.TableEntry> tables = binder.UsedNames
            .Select(name => binder.Catalog.TryGetTable(name, out Storage.TableEntry table)
                ? table : null)
            .OfType<Storage.TableEntry>();
        return new BoundWithChanges(parts, last, [.. tables.Distinct()]);
    }

    private static IReadOnlyList<CommonTableSyntax> ItemsOf(StatementSyntax syntax) =>
        syntax switch
        {
            SelectStatementSyntax select => select.Query.With,
            InsertStatementSyntax insert => insert.With,
            UpdateStatementSyntax update => update.With,
            DeleteStatementSyntax delete => delete.With,
            MergeStatementSyntax merge => merge.With,
            _ => [],
        };

    private static StatementSyntax Without(StatementSyntax syntax) => syntax switch
    {
        SelectStatementSyntax select => select with { Query = select.Query with { With = [] } },
        InsertStatementSyntax insert => insert with { With = [] },
        UpdateStatementSyntax update => update with { With = [] },
        DeleteStatementSyntax delete => delete with { With = [] },
        MergeStatementSyntax merge => merge with { With = [] },
        _ => throw Invariant.Broken("a statement with WITH"),
    };

    private static OutputColumn[] Renamed(
        CommonTableSyntax item, IReadOnlyList<OutputColumn> columns)
    {
        if (item.Columns.Count > columns.Count)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"{item.Columns.Count} column names are given for {columns.Count} columns.",
                item.Position);
        }

        return [.. columns.Select((column, i) => i < item.Columns.Count
            ? column with { Name = item.Columns[i].Name }
            : column)];
    }
}
