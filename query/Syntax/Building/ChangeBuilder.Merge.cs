using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds MERGE, and changes that stand in WITH.</summary>
internal sealed partial class ChangeBuilder
{
    /// <summary>MERGE.</summary>
    public MergeStatementSyntax BuildMerge(
        NeuroSql.WithClauseContext? with, NeuroSql.MergeContext context)
    {
        IReadOnlyList<CommonTableSyntax> tables = BuildWith(with);
        List<MergeClauseSyntax> clauses = [];
        IReadOnlyList<TableReferenceSyntax> source =
            expressions.Queries.Tables.BuildAll([context.tableReference()]);
        ExpressionSyntax? on = expressions.BuildOptional(context.expression());
        foreach (NeuroSql.MergeClauseContext clause in context.mergeClause())
        {
            clauses.Add(BuildClause(clause));
        }

        return new MergeStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            TableBuilder.Alias(context.alias()),
            source[0],
            on,
            clauses,
            BuildReturning(context.returning()))
        {
            With = tables,
            Using = BuilderScope.Names(context.nameList()),
        };
    }

    /// <summary>The change that is an item of WITH; null if the item is a query.</summary>
    public StatementSyntax? BuildItem(NeuroSql.CommonTableContext context)
    {
        StatementSyntax? change = context.insert() is { } insert ? BuildInsert(null, insert)
            : context.update() is { } update ? BuildUpdate(null, update)
            : context.delete() is { } delete ? BuildDelete(null, delete)
            : context.merge() is { } merge ? BuildMerge(null, merge)
            : null;
        return change is null
            ? null
            : change with { Position = BuilderScope.PositionOf(context) };
    }

    private MergeClauseSyntax BuildClause(NeuroSql.MergeClauseContext context)
    {
        MergeMatch match = MatchOf(context);
        MergeAction action = context.UPDATE() is not null ? MergeAction.Update
            : context.DELETE() is not null ? MergeAction.Delete
            : context.INSERT() is not null ? MergeAction.Insert
            : MergeAction.Nothing;
        if (action != MergeAction.Nothing
            && (action == MergeAction.Insert) != (match == MergeMatch.NotMatchedByTarget))
        {
            throw SyntaxErrors.At(
                BuilderScope.PositionOf(context),
                "WHEN NOT MATCHED inserts; the others update and delete");
        }

        return new MergeClauseSyntax(
            match, expressions.BuildOptional(context.expression()), action)
        {
            Assignments = BuildAssignments(context.assignment()),
            Columns = BuilderScope.Names(context.nameList()),
            Row = context.row() is { } row ? expressions.Queries.BuildRow(row) : null,
            IsOverriding = context.overriding() is { } overriding && IsSystem(overriding),
            Position = BuilderScope.PositionOf(context),
        };
    }

    private static MergeMatch MatchOf(NeuroSql.MergeClauseContext context)
    {
        NeuroSql.NameContext[] words = context.name();
        if (!Is(words[0], "MATCHED"))
        {
            throw SyntaxErrors.Expected((SqlToken)words[0].Start, "MATCHED");
        }

        if (context.NOT() is null)
        {
            return words.Length == 1
                ? MergeMatch.Matched
                : throw SyntaxErrors.Expected((SqlToken)context.BY().Symbol, "AND or THEN");
        }

        return words.Length == 1 || Is(words[1], "TARGET") ? MergeMatch.NotMatchedByTarget
            : Is(words[1], "SOURCE") ? MergeMatch.NotMatchedBySource
            : throw SyntaxErrors.Expected((SqlToken)words[1].Start, "SOURCE or TARGET");
    }

    private static bool IsByName(NeuroSql.NameContext context) => Is(context, "NAME")
        || (Is(context, "POSITION")
            ? false
            : throw SyntaxErrors.Expected((SqlToken)context.Start, "NAME or POSITION"));

    private static bool Is(NeuroSql.NameContext context, string word) =>
        context.Start.Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static bool IsSystem(NeuroSql.OverridingContext context) =>
        Is(context.name(0), "SYSTEM");
}
