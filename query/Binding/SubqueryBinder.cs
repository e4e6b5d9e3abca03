namespace NeuroDb.Query;

/// <summary>Binds queries that stand as values: scalar, EXISTS and IN.</summary>
internal sealed class SubqueryBinder(Binder binder, ExpressionBinder expressions)
{
    private (LogicalNode Query, OuterCaptures Captures) BindQuery(QuerySyntax syntax)
    {
        var captures = new OuterCaptures();
        Scope scope = expressions.Scope;
        var environment = new QueryEnvironment(scope, captures, scope.Environment.Tables);
        return (new QueryBinder(binder, environment).Bind(syntax), captures);
    }

    /// <summary>A query as a single value.</summary>
    public SubqueryExpression BindScalar(SubqueryExpressionSyntax syntax)
    {
        (LogicalNode query, OuterCaptures captures) = BindQuery(syntax.Query);
        RequireOneColumn(query, syntax.Position);
        return new SubqueryExpression(
            SubqueryKind.Scalar,
            query,
            null,
            captures.Expressions,
            query.Output[0].Type,
            syntax.Position);
    }

    /// <summary>A query as a single row: a STRUCT of its columns.</summary>
    public SubqueryExpression BindRow(SubqueryExpressionSyntax syntax)
    {
        (LogicalNode query, OuterCaptures captures) = BindQuery(syntax.Query);
        Expression[] columns = [.. query.Output.Select(static column =>
            new ColumnExpression(column.Id, column.Name, column.Type))];
        Expression row = columns is [{ Type.Kind: TypeKind.Struct } only]
            ? only
            : StructFunctions.Row(columns, syntax.Position);
        return new SubqueryExpression(
            SubqueryKind.Scalar,
            new LogicalProject(
                query,
                [new ProjectedColumn(row, binder.Identifiers.NewColumn("row", row.Type))]),
            null,
            captures.Expressions,
            row.Type,
            syntax.Position);
    }

    /// <summary>EXISTS.</summary>
    public SubqueryExpression BindExists(ExistsExpressionSyntax syntax)
    {
        (LogicalNode query, OuterCaptures captures) = BindQuery(syntax.Query);
        return new SubqueryExpression(
            SubqueryKind.Exists,
            query,
            null,
            captures.Expressions,
            DataType.Boolean,
            syntax.Position);
    }

    /// <summary>IN a query.</summary>
    public Expression BindIn(InQueryExpressionSyntax syntax)
    {
        Expression operand = expressions.Bind(syntax.Operand);
        (LogicalNode query, OuterCaptures captures) = BindQuery(syntax.Query);
        RequireOneColumn(query, syntax.Position);
        DataType common = operand is ConstantExpression
            && !Coercion.TryCommon(operand.Type, query.Output[0].Type, out _)
            ? DataType.Text
            : ExpressionFactory.CommonType(
                operand.Type, query.Output[0].Type, syntax.Position);
        if (!operand.Type.IsInteger || !query.Output[0].Type.IsInteger)
        {
            query = ConvertQuery(query, common, syntax.Position);
            operand = ByCollation(
                ExpressionFactory.Cast(operand, common, syntax.Position), ref query);
        }

        Expression found = new SubqueryExpression(
            SubqueryKind.In,
            query,
            operand,
            captures.Expressions,
            DataType.Boolean,
            syntax.Position);
        return syntax.IsNegated
            ? ExpressionFactory.Unary(UnaryOperator.Not, found, syntax.Position)
            : found;
    }

    // The collation of the operand is that of the comparison.
    private Expression ByCollation(Expression operand, ref LogicalNode query)
    {
        if (operand is not CollateExpression { Collation: not Collation.Binary } collated)
        {
            return operand;
        }

        OutputColumn column = query.Output[0];
        Expression key = CollateExpression.Key(
            new ColumnExpression(column.Id, column.Name, column.Type), collated.Collation);
        query = new LogicalProject(
            query,
            [new ProjectedColumn(key, binder.Identifiers.NewColumn(column.Name, key.Type))]);
        return CollateExpression.Key(collated);
    }

    // A constant that is no value of the query's type is compared as text, as SQLite does.
    private LogicalNode ConvertQuery(
        LogicalNode query, DataType type, SourcePosition position)
    {
        OutputColumn column = query.Output[0];
        if (Coercion.TryCommon(column.Type, type, out _))
        {
            return QueryBinder.Convert(binder, query, [type], position);
        }

        Expression text = ExpressionFactory.Cast(
            new ColumnExpression(column.Id, column.Name, column.Type), type, position);
        return new LogicalProject(
            query,
            [new ProjectedColumn(text, binder.Identifiers.NewColumn(column.Name, type))]);
    }

    private static void RequireOneColumn(LogicalNode query, SourcePosition position)
    {
        if (query.Output.Count != 1)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"A subquery used as a value gives {query.Output.Count} columns; it must give 1.",
                position);
        }
    }
}
