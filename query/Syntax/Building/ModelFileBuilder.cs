using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds what EXPORT MODEL and IMPORT MODEL say of a file.</summary>
internal static class ModelFileBuilder
{
    /// <summary>The path: a text or a parameter.</summary>
    public static ExpressionSyntax BuildFile(NeuroSql.ModelStatementContext context) =>
        ExpressionBuilder.BuildConstant(
            (SqlToken)(context.TEXT_STRING() ?? context.PARAMETER()).Symbol);

    /// <summary>FORMAT, SIGNED BY, INPUT and OUTPUT, each once.</summary>
    public static ModelFileSyntax BuildClauses(NeuroSql.FileClauseContext[] clauses)
    {
        var file = new ModelFileSyntax();
        foreach (NeuroSql.FileClauseContext clause in clauses)
        {
            file = With(file, clause, BuilderScope.TokenOf(clause.IDENTIFIER()));
        }

        return file;
    }

    private static ModelFileSyntax With(
        ModelFileSyntax file, NeuroSql.FileClauseContext clause, SqlToken word)
    {
        if (clause.name() is { } name && file.Format is null && ModelBuilder.Is(word, "FORMAT"))
        {
            return file with { Format = BuilderScope.Identifier(name) };
        }

        if (clause.BY() is not null && file.Key is null && ModelBuilder.Is(word, "SIGNED"))
        {
            return file with
            {
                Key = ExpressionBuilder.BuildConstant(
                    (SqlToken)(clause.TEXT_STRING() ?? clause.PARAMETER()).Symbol),
            };
        }

        IReadOnlyList<(IdentifierSyntax Name, TypeSyntax Type)> columns =
        [
            .. clause.fileColumn().Select(static column => (
                BuilderScope.Identifier(column.name()),
                ExpressionBuilder.BuildType(column.columnType()))),
        ];
        bool isInput = columns.Count > 0 && file.Inputs.Count == 0
            && ModelBuilder.Is(word, "INPUT");
        bool isOutput = columns.Count > 0 && file.Outputs.Count == 0
            && ModelBuilder.Is(word, "OUTPUT");
        return isInput ? file with { Inputs = columns }
            : isOutput ? file with { Outputs = columns }
            : throw SyntaxErrors.Expected(
                word, "FORMAT and a name, SIGNED BY and a key, INPUT (..) or OUTPUT (..)");
    }
}
