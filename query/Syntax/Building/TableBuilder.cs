using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds what stands in FROM.</summary>
internal sealed class TableBuilder(
    BuilderScope scope, ExpressionBuilder expressions, QueryBuilder queries)
{
    private readonly PivotBuilder _pivots = new(scope, expressions, queries);

    public IReadOnlyList<TableReferenceSyntax> BuildAll(NeuroSql.TableReferenceContext[] contexts)
    {
        List<TableReferenceSyntax> tables = new(contexts.Length);
        foreach (NeuroSql.TableReferenceContext context in contexts)
        {
            tables.Add(Build(context));
        }

        return tables;
    }

    private TableReferenceSyntax Build(NeuroSql.TableReferenceContext context)
    {
        NeuroSql.JoinContext[] joins = context.join();
        scope.Enter(joins.Length, context);
        TableReferenceSyntax left = _pivots.Build(
            Build(context.tablePrimary()), context.tablePivot());
        foreach (NeuroSql.JoinContext join in joins)
        {
            left = BuildJoin(left, join) with
            {
                Position = BuilderScope.Between(context.Start, join.Stop),
            };
        }

        scope.Leave(joins.Length);
        return left;
    }

    private JoinSyntax BuildJoin(TableReferenceSyntax left, NeuroSql.JoinContext context)
    {
        bool isHalf = context.SEMI() is not null || context.ANTI() is not null;
        JoinKind kind = isHalf
                ? context.SEMI() is not null ? JoinKind.Semi : JoinKind.Anti
            : context.LEFT() is not null ? JoinKind.Left
            : context.RIGHT() is not null ? JoinKind.Right
            : context.FULL() is not null ? JoinKind.Full
            : context.CROSS() is not null ? JoinKind.Cross
            : JoinKind.Inner;
        TableReferenceSyntax right = Build(context.tablePrimary());
        if (context.ASOF() is { } asOf)
        {
            return AsOfJoin.Of(
                left,
                right,
                expressions.BuildOptional(context.expression()),
                context.LEFT() is not null,
                BuilderScope.TokenOf(asOf).Position);
        }

        // RIGHT SEMI JOIN gives the rows of the right side that have a partner.
        bool isRightHalf = isHalf && context.RIGHT() is not null;
        return new JoinSyntax(
            kind,
            context.NATURAL() is not null,
            isRightHalf ? right : left,
            isRightHalf ? left : right,
            expressions.BuildOptional(context.expression()),
            BuilderScope.Names(context.nameList()));
    }

    /// <summary>PIVOT and UNPIVOT as queries.</summary>
    public SelectSyntax Build(NeuroSql.PivotContext context) => _pivots.Build(context);

    /// <summary>One table, query or call, without what is joined to it.</summary>
    public TableReferenceSyntax Build(NeuroSql.TablePrimaryContext context)
    {
        SourcePosition position = BuilderScope.PositionOf(context);
        IdentifierSyntax? alias = Alias(context.tableAlias()?.alias());
        IReadOnlyList<IdentifierSyntax> columns =
            BuilderScope.Names(context.tableAlias()?.nameList());
        if (context.qualifiedName() is { } qualified)
        {
            NameSyntax name = BuilderScope.Name(qualified);
            if (context.arguments() is not { } arguments)
            {
                CheckOrdinality(context, isFunction: false);
                var table = new NamedTableSyntax(name, alias, columns) { Position = position };
                return context.tableSample() is { } sample ? Sampled(table, sample) : table;
            }

            FunctionCallSyntax call = expressions.BuildCall(name, arguments) with
            {
                Position = BuilderScope.Between(qualified.Start, arguments.Stop),
            };
            return new FunctionTableSyntax(call, alias, columns)
            {
                Position = position,
                WithOrdinality = CheckOrdinality(context, isFunction: true),
            };
        }

        if (context.values() is { } values)
        {
            return new DerivedTableSyntax(queries.BuildRows(values), alias, columns)
            {
                Position = position,
                IsLateral = context.LATERAL() is not null,
            };
        }

        scope.Enter(1, context);
        TableReferenceSyntax inner = BuildInner(context);
        scope.Leave(1);
        if (inner is DerivedTableSyntax { Alias: null } derived)
        {
            return derived with
            {
                Alias = alias,
                ColumnAliases = columns,
                Position = position,
                IsLateral = context.LATERAL() is not null,
            };
        }

        return alias is null ? inner : new DerivedTableSyntax(All(inner), alias, columns)
        {
            Position = position,
        };
    }

    // Each row is taken with that probability, by both methods.
    private DerivedTableSyntax Sampled(
        NamedTableSyntax table, NeuroSql.TableSampleContext context)
    {
        SourcePosition position = BuilderScope.PositionOf(context);
        var share = new BinaryExpressionSyntax(
            BinaryOperator.Less,
            SqlParser.ParseExpression("abs(random() % 1000000)"),
            new BinaryExpressionSyntax(
                BinaryOperator.Multiply,
                expressions.Build(context.expression()),
                new LiteralExpressionSyntax(LiteralKind.Integer, "10000") { Position = position })
            {
                Position = position,
            })
        {
            Position = position,
        };
        QuerySyntax all = All(table with { Alias = null, ColumnAliases = [] });
        return new DerivedTableSyntax(
            all with { Body = (SelectSyntax)all.Body with { Where = share } },
            table.Alias ?? table.Name.Parts[^1],
            table.ColumnAliases)
        {
            Position = table.Position,
        };
    }

    // A join with a name is a query of all its columns.
    private static QuerySyntax All(TableReferenceSyntax join)
    {
        SourcePosition position = join.Position;
        SelectSyntax select = new(
            false, [new StarItemSyntax(null) { Position = position }], [join], null, [], null)
        {
            Position = position,
        };
        return new QuerySyntax([], select, [], null, null) { Position = position };
    }

    private static bool CheckOrdinality(NeuroSql.TablePrimaryContext context, bool isFunction)
    {
        if (context.WITH() is null)
        {
            return false;
        }

        SqlToken word = BuilderScope.TokenOf(context.IDENTIFIER());
        return isFunction
            && string.Equals(word.Text, "ORDINALITY", StringComparison.OrdinalIgnoreCase)
            ? true
            : throw SyntaxErrors.Expected(
                word, "ORDINALITY, behind a table function");
    }

    private TableReferenceSyntax BuildInner(NeuroSql.TablePrimaryContext context)
    {
        if (context.plainQuery() is { } plain)
        {
            return new DerivedTableSyntax(queries.Build(plain), null, []);
        }

        if (context.wholeTable() is { } table)
        {
            return new DerivedTableSyntax(
                queries.BuildTable(context, table, context.queryTail()), null, []);
        }

        TableReferenceSyntax inner = Build(context.tableReference());
        if (QueryBuilder.IsEmpty(context.queryTail()))
        {
            return inner;
        }

        if (inner is not DerivedTableSyntax { Alias: null } derived)
        {
            throw SyntaxErrors.Expected((SqlToken)context.queryTail().Start, "')'");
        }

        return new DerivedTableSyntax(
            queries.BuildTail(context, derived.Query, context.queryTail()), null, []);
    }

    public static IdentifierSyntax? Alias(NeuroSql.AliasContext? context)
    {
        if (context is null)
        {
            return null;
        }

        return context.name() is { } name
            ? BuilderScope.Identifier(name)
            : BuilderScope.Identifier(context.bareName());
    }
}
