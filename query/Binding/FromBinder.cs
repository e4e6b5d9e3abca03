namespace NeuroDb.Query;

/// <summary>Binds FROM: tables, derived tables and joins, left to right.</summary>
internal sealed class FromBinder(Binder binder, QueryEnvironment environment)
{
    /// <summary>
    /// The rows of all references together, and of a first node if there is one; their names are
    /// added to the scope.
    /// </summary>
    public LogicalNode Bind(
        IReadOnlyList<TableReferenceSyntax> references, Scope scope, LogicalNode? first = null)
    {
        LogicalNode? node = first;
        foreach (TableReferenceSyntax reference in references)
        {
            var captures = new OuterCaptures();
            LogicalNode next = IsLateral(reference) && node is not null
                ? BindLateral(reference, scope, captures, scope)
                : BindReference(reference, scope);
            node = node is null ? next
                : captures.Expressions.Count > 0
                    ? new LogicalApply(false, node, next, captures.Expressions, null)
                : new LogicalJoin(JoinKind.Cross, node, next, null);
        }

        return node ?? LogicalValues.OneRow;
    }

    private static bool IsLateral(TableReferenceSyntax reference) =>
        reference is DerivedTableSyntax { IsLateral: true } or FunctionTableSyntax;

    /// <summary>Binds what may use the tables before it.</summary>
    private LogicalNode BindLateral(
        TableReferenceSyntax reference, Scope before, OuterCaptures captures, Scope scope)
    {
        var inner = new QueryEnvironment(before, captures, environment.Tables);
        return new FromBinder(binder, inner).BindReference(reference, scope);
    }

    private LogicalNode BindReference(TableReferenceSyntax reference, Scope scope) =>
        reference switch
        {
            NamedTableSyntax named => BindNamed(named, scope),
            DerivedTableSyntax derived => BindDerived(
                new QueryBinder(binder, environment).Bind(derived.Query),
                derived.Alias?.Name,
                derived.ColumnAliases,
                derived.Position,
                scope),
            JoinSyntax join => BindJoin(join, scope),
            FunctionTableSyntax function => BindFunction(function, scope),
            PivotTableSyntax pivot => BindDerived(
                new PivotBinder(binder, environment).Bind(pivot),
                pivot.Alias?.Name,
                pivot.ColumnAliases,
                pivot.Position,
                scope),
            UnpivotTableSyntax unpivot => BindDerived(
                new UnpivotBinder(binder, environment).Bind(unpivot),
                unpivot.Alias?.Name,
                unpivot.ColumnAliases,
                unpivot.Position,
                scope),
            _ => throw Invariant.Broken($"binding of {reference.GetType().Name}"),
        };

    private LogicalNode BindNamed(NamedTableSyntax named, Scope scope)
    {
        string name = named.Alias?.Name ?? named.Name.Last;
        if (named.Name.Qualifier is null
            && CommonTable.Find(environment.Tables, named.Name.Last) is { } common)
        {
            LogicalNode query = new CommonTableBinder(binder, environment)
                .Bind(common, named.Position);
            return BindDerived(query, name, named.ColumnAliases, named.Position, scope);
        }

        if (SystemRelations.Find(named.Name, binder.Catalog) is { } relation)
        {
            OutputColumn[] columns = [.. relation.Columns.Select(
                column => binder.Identifiers.NewColumn(column.Name, column.Type))];
            return BindDerived(
                new LogicalTableFunction(relation, [], columns),
                name,
                named.ColumnAliases,
                named.Position,
                scope);
        }

        if (binder.FindView(named.Name) is { } view)
        {
            LogicalNode query = ViewBinder.Bind(view, binder, named.Position);
            return BindDerived(query, name, named.ColumnAliases, named.Position, scope);
        }

        LogicalScan scan = binder.VisibleScan(binder.BindTable(named.Name), name);
        if (named.ColumnAliases.Count == 0 && !scope.HasTable(name))
        {
            scope.AddAll(scan);
            return scan;
        }

        return BindDerived(
            OpenTypes.Read(scan, binder), name, named.ColumnAliases, named.Position, scope);
    }

    private LogicalNode? BindSearch(FunctionCallSyntax call)
    {
        bool Is(string name) =>
            call.Name.Text.Equals(name, StringComparison.OrdinalIgnoreCase);
        return Is(HybridSearchBinder.FunctionName)
                ? new HybridSearchBinder(binder, environment).Bind(call)
            : Is(RecommendBinder.FunctionName)
                ? new RecommendBinder(binder, environment).Bind(call)
            : Is(SemanticSearchBinder.FunctionName)
                ? new SemanticSearchBinder(binder, environment).Bind(call)
            : Is(SearchRankingsBinder.FunctionName)
                ? new SearchRankingsBinder(binder, environment).Bind(call)
            : null;
    }

    private (LogicalNode Rows, string Name)? BindQuery(
        FunctionCallSyntax call, ExpressionBinder expressions)
    {
        if (BindSearch(call) is { } found)
        {
            return (found, call.Name.Text);
        }

        if (PredictionTableBinder.Knows(call))
        {
            return (new PredictionTableBinder(binder, environment).Bind(call), "predict");
        }

        return FunctionCallBinder.Find(call.Name, binder) is { } made
            ? (new FunctionCallBinder(binder, expressions).BindRows(made, call), call.Name.Last)
            : null;
    }

    private LogicalNode BindFunction(FunctionTableSyntax table, Scope scope)
    {
        FunctionCallSyntax call = table.Call;
        var expressions = new ExpressionBinder(
            binder, new Scope(environment), "a table function");
        if (BindQuery(call, expressions) is { } query)
        {
            return BindDerived(
                query.Rows,
                table.Alias?.Name ?? query.Name,
                table.ColumnAliases,
                table.Position,
                scope);
        }

        if (call.IsStar || call.IsDistinct || call.Query is not null || call.OrderBy.Count > 0)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"The table function {call.Name.Text} takes values, separated by commas.",
                call.Position);
        }

        (TableFunction function, IReadOnlyList<Expression> arguments) =
            ObjectFunctions.Find(call.Name.Text) is { } known
                ? new ObjectFunctionBinder(known, call, binder, expressions).Bind()
                : TableFunctionRegistry.Bind(
                    call.Name.Text, expressions.BindArguments(call), call.Position);
        string name = table.Alias?.Name ?? function.Name;
        var output = new List<OutputColumn>();
        foreach ((string column, DataType type) in function.Columns)
        {
            // A single column is called as the alias, as in PostgreSQL.
            output.Add(binder.Identifiers.NewColumn(
                function.Columns.Count == 1 ? name : column, type));
        }

        if (table.WithOrdinality)
        {
            output.Add(binder.Identifiers.NewColumn("ordinality", DataType.BigInt, false));
        }

        return BindDerived(
            new LogicalTableFunction(function, arguments, output),
            name,
            table.ColumnAliases,
            table.Position,
            scope);
    }

    private static LogicalNode BindDerived(
        LogicalNode node,
        string? name,
        IReadOnlyList<IdentifierSyntax> columnAliases,
        SourcePosition position,
        Scope scope)
    {
        if (name is not null && scope.HasTable(name))
        {
            throw new NeuroStoreException(
                ErrorCode.DuplicateName,
                $"The name {name} stands twice in FROM; give one of them an alias.",
                position);
        }

        LogicalNode renamed = Rename(node, columnAliases, position);
        scope.AddAll(name, renamed.Output);
        return renamed;
    }

    /// <summary>The same rows with other names of the first columns.</summary>
    public static LogicalNode Rename(
        LogicalNode node, IReadOnlyList<IdentifierSyntax> names, SourcePosition position)
    {
        if (names.Count == 0)
        {
            return node;
        }

        if (names.Count > node.Output.Count)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"{names.Count} column names are given for {node.Output.Count} columns.",
                position);
        }

        IEnumerable<OutputColumn> columns = node.Output.Select(
            (column, i) => i < names.Count ? column with { Name = names[i].Name } : column);
        return LogicalProject.Of(node, [.. columns]);
    }

    private LogicalNode BindJoin(JoinSyntax join, Scope scope)
    {
        var leftScope = new Scope(environment);
        LogicalNode left = BindReference(join.Left, leftScope);
        var rightScope = new Scope(environment);
        var captures = new OuterCaptures();
        LogicalNode right = IsLateral(join.Right)
            ? BindLateral(join.Right, leftScope, captures, rightScope)
            : BindReference(join.Right, rightScope);
        var joined = new Scope(environment);
        var conditions = new List<Expression>();
        MergeCommon(join, leftScope, rightScope, joined, conditions);
        if (join.On is { } on)
        {
            conditions.Add(new ExpressionBinder(binder, joined, "ON").BindCondition(on));
        }

        bool isHalf = join.Kind is JoinKind.Semi or JoinKind.Anti;
        foreach (ScopeColumn column in (isHalf ? leftScope : joined).Columns)
        {
            scope.Add(column);
        }

        Expression? condition = conditions.Count switch
        {
            0 => null,
            1 => conditions[0],
            _ => ExpressionFactory.And(conditions),
        };
        if (captures.Expressions.Count > 0)
        {
            return isHalf || join.Kind is JoinKind.Right or JoinKind.Full
                ? throw new NeuroStoreException(
                    ErrorCode.MisplacedExpression,
                    "A lateral table depends on the tables before it, so only inner, cross and "
                    + "left joins have a meaning.",
                    join.Position)
                : new LogicalApply(
                    join.Kind == JoinKind.Left, left, right, captures.Expressions, condition);
        }

        return join.Kind switch
        {
            JoinKind.Right => new LogicalJoin(JoinKind.Left, right, left, condition),
            JoinKind.Inner or JoinKind.Cross => new LogicalJoin(
                condition is null ? JoinKind.Cross : JoinKind.Inner, left, right, condition),
            _ => new LogicalJoin(join.Kind, left, right, condition),
        };
    }

    private void MergeCommon(
        JoinSyntax join, Scope left, Scope right, Scope joined, List<Expression> conditions)
    {
        IReadOnlyList<string> names = CommonNames(join, left, right);
        var pairs = new Dictionary<ScopeColumn, ScopeColumn>(ReferenceEqualityComparer.Instance);
        foreach (string name in names)
        {
            ScopeColumn leftColumn = Single(join, left, name);
            ScopeColumn rightColumn = Single(join, right, name);
            pairs.Add(leftColumn, rightColumn);
            (Expression one, Expression other) =
                CollateExpression.Keys(leftColumn.Expression, rightColumn.Expression);
            conditions.Add(ExpressionFactory.Binary(
                BinaryOperator.Equal, one, other, join.Position));
        }

        foreach (ScopeColumn column in left.Columns)
        {
            if (!pairs.TryGetValue(column, out ScopeColumn? partner))
            {
                joined.Add(column);
                continue;
            }

            joined.Add(Merge(join, column, partner));
            joined.Add(column with { IsMerged = true });
        }

        foreach (ScopeColumn column in right.Columns)
        {
            bool isMerged = pairs.Values.Any(merged => ReferenceEquals(merged, column));
            joined.Add(isMerged ? column with { IsMerged = true } : column);
        }
    }

    private ScopeColumn Merge(JoinSyntax join, ScopeColumn left, ScopeColumn right)
    {
        if (join.Kind == JoinKind.Full)
        {
            Expression either = ExpressionFactory.Call(
                "coalesce", [left.Expression, right.Expression], join.Position);
            return new ScopeColumn(
                null, binder.Identifiers.NewColumn(left.Column.Name, either.Type), either);
        }

        ScopeColumn kept = join.Kind == JoinKind.Right ? right : left;
        return kept with { Qualifier = null, IsMerged = false };
    }

    private static IReadOnlyList<string> CommonNames(JoinSyntax join, Scope left, Scope right)
    {
        if (!join.IsNatural)
        {
            return [.. join.Using.Select(name => name.Name)];
        }

        var rightNames = right.Star(null)
            .Select(column => column.Column.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. left.Star(null)
            .Select(column => column.Column.Name)
            .Where(rightNames.Contains)
            .Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static ScopeColumn Single(JoinSyntax join, Scope scope, string name)
    {
        SourcePosition position = join.Using
            .FirstOrDefault(item => item.Name == name)?.Position ?? join.Position;
        var syntax = new NameSyntax([new IdentifierSyntax(name, false)]) { Position = position };
        return scope.Find(syntax) ?? throw scope.UnknownColumn(syntax);
    }
}
