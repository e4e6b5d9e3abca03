namespace NeuroDb.Query;

/// <summary>
/// Binds the uses of items of WITH. A query that needs nothing of an outer row is bound once for
/// all uses; another is bound at each use.
/// </summary>
internal sealed class CommonTableBinder(Binder binder, QueryEnvironment environment)
{
    private const int TypeRoundCountMax = 4;

    /// <summary>The rows of one use, with columns of its own.</summary>
    public LogicalNode Bind(CommonTable table, SourcePosition position)
    {
        if (table.Working is { } working)
        {
            return BindWorking(working, position);
        }

        if (table.Syntax.Change is not null)
        {
            return BindChanged(table, position);
        }

        if (table.Shared is not null)
        {
            return Use(table.Shared);
        }

        binder.CountExpansion(position);
        LogicalNode query = BindRecursion(table) ?? BindQuery(table);
        if (table.Syntax.IsMaterialized == false || OuterUse.In(query)
            || OuterUse.OfRecursion(query))
        {
            return query;
        }

        table.Shared = new SharedQuery(
            table.Syntax.Name.Name, query, table.Syntax.IsMaterialized == true);
        return Use(table.Shared);
    }

    private LogicalWorkingTable BindChanged(CommonTable table, SourcePosition position)
    {
        if (table.Changed is not { } rows)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"{table.Syntax.Name.Name} changes rows; such an item stands in the WITH of the "
                + "statement itself, not in that of a query inside it.",
                position);
        }

        return rows.Columns.Count > 0
            ? new LogicalWorkingTable(rows, Fresh(rows.Columns))
            : throw new NeuroStoreException(
                ErrorCode.UnknownTable,
                $"{table.Syntax.Name.Name} has no RETURNING, so it gives no rows.",
                position);
    }

    private LogicalNode BindQuery(CommonTable table) => FromBinder.Rename(
        new QueryBinder(binder, table.Environment).Bind(table.Syntax.Query),
        table.Syntax.Columns,
        table.Syntax.Position);

    private LogicalShared Use(SharedQuery query)
    {
        query.UseCount++;
        return new LogicalShared(query, Fresh(query.Plan.Output));
    }

    private OutputColumn[] Fresh(IReadOnlyList<OutputColumn> columns) =>
        [.. columns.Select(column => column with { Id = binder.Identifiers.Next() })];

    private LogicalWorkingTable BindWorking(WorkingTable table, SourcePosition position)
    {
        table.UseCount++;
        bool isInSubquery = !ReferenceEquals(table.Captures, environment.Captures);
        if (isInSubquery)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"The recursion of {table.Name} may name itself in FROM, and not in a subquery.",
                position);
        }

        return new LogicalWorkingTable(table, Fresh(table.Columns));
    }

    /// <summary>The recursion of an item, or null if it does not name itself.</summary>
    private LogicalNode? BindRecursion(CommonTable table)
    {
        QuerySyntax query = table.Syntax.Query;
        if (!table.Syntax.IsRecursive
            || query.Body is not SetOperationSyntax { Operator: SetOperator.Union } union)
        {
            return null;
        }

        QueryEnvironment outer = new QueryBinder(binder, table.Environment).WithTables(query);
        LogicalNode seed = FromBinder.Rename(
            new QueryBinder(binder, outer).BindBody(union.Left),
            table.Syntax.Columns,
            table.Syntax.Position);
        DataType[] types = [.. seed.Output.Select(column => column.Type)];
        for (int round = 0; ; round++)
        {
            var working = new WorkingTable(
                table.Syntax.Name.Name,
                [.. seed.Output.Select((column, i) => column with
                {
                    Type = types[i], IsNullable = true,
                })],
                outer.Captures);
            var self = new CommonTable(table.Syntax, outer, outer.Tables, working);
            LogicalNode step = new QueryBinder(binder, outer with { Tables = self })
                .BindBody(union.Right);
            if (working.UseCount == 0)
            {
                return null;
            }

            DataType[] common = CommonTypes(types, step, union.Position);
            if (common.SequenceEqual(types) || round == TypeRoundCountMax)
            {
                return Build(query, union, working, seed, step, common);
            }

            types = common;
        }
    }

    private static DataType[] CommonTypes(
        DataType[] types, LogicalNode step, SourcePosition position)
    {
        if (step.Output.Count != types.Length)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"The recursion makes {step.Output.Count} columns of {types.Length}.",
                position);
        }

        return [.. types.Zip(step.Output, (type, column) =>
            ExpressionFactory.CommonType(type, column.Type, position))];
    }

    private LogicalNode Build(
        QuerySyntax query,
        SetOperationSyntax union,
        WorkingTable working,
        LogicalNode seed,
        LogicalNode step,
        DataType[] types)
    {
        if (query.OrderBy.Count > 0)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "The order in which a recursion goes on is not to be chosen; sort where the "
                + "result is used.",
                query.OrderBy[0].Position);
        }

        OutputColumn[] output = Fresh(working.Columns);
        var recursion = new LogicalRecursion(
            working,
            QueryBinder.Convert(binder, seed, types, union.Position),
            QueryBinder.Convert(binder, step, types, union.Position),
            union.IsAll,
            output);
        return new QueryBinder(binder, environment).Limit(recursion, query);
    }
}
