using System.Globalization;
using System.Text;
using Antlr4.Runtime.Tree;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds the clauses of one CREATE MODEL, which come in any order, each once.</summary>
internal sealed class ModelClauseBuilder(
    ExpressionBuilder expressions, DefinitionBuilder definitions)
{
    private readonly HashSet<string> _seen = [];
    private ModelSplitSyntax? _split;

    /// <summary>The clauses.</summary>
    public ModelDefinitionSyntax Build(NeuroSql.ModelClauseContext[] clauses)
    {
        var definition = new ModelDefinitionSyntax();
        foreach (NeuroSql.ModelClauseContext clause in clauses)
        {
            definition = With(definition, clause);
        }

        return definition with { Split = _split };
    }

    private ModelDefinitionSyntax With(
        ModelDefinitionSyntax definition, NeuroSql.ModelClauseContext clause)
    {
        if (clause.BY() is not null || clause.COLUMN() is not null)
        {
            SplitBy(clause);
            return definition;
        }

        var first = (SqlToken)clause.Start;
        if (!_seen.Add(first.Text.ToUpperInvariant()))
        {
            throw SyntaxErrors.At(
                first.Position, $"{first.Text.ToUpperInvariant()} is written twice");
        }

        switch (first.Type)
        {
            case NeuroSql.TYPE:
                return definition with { Type = BuilderScope.Identifier(clause.name()[0]) };
            case NeuroSql.PREDICT:
                return definition with { Targets = BuilderScope.Names(clause.name()) };
            case NeuroSql.TRANSFORM:
                return definition with
                {
                    Transforms = [.. clause.transformItem().Select(BuildTransform)],
                };
            case NeuroSql.USING:
                return definition with { Architecture = BuildArchitecture(clause.architecture()) };
            case NeuroSql.SPLIT:
                BuildSplit(clause);
                return definition;
            default:
                return definition with
                {
                    Options = definitions.BuildOptions(clause.modelOptions().option()),
                };
        }
    }

    private ModelTransformSyntax BuildTransform(NeuroSql.TransformItemContext context) =>
        new(
            expressions.Build(context.expression()),
            BuilderScope.OptionalIdentifier(context.name()))
        {
            Position = BuilderScope.PositionOf(context),
        };

    // Comments and line ends are not part of it, so the text is put together from its tokens.
    private static ModelArchitectureSyntax BuildArchitecture(NeuroSql.ArchitectureContext context)
    {
        var text = new StringBuilder();
        Append(context, text);
        return new ModelArchitectureSyntax(
            ((SqlToken)context.name().Start).NameText(), text.ToString())
        {
            Position = BuilderScope.PositionOf(context),
        };
    }

    private static void Append(IParseTree tree, StringBuilder text)
    {
        if (tree is ITerminalNode terminal)
        {
            text.Append(terminal.Symbol.Text);
            text.Append(terminal.Symbol.Type == NeuroSql.COMMA ? " " : "");
            return;
        }

        for (int i = 0; i < tree.ChildCount; i++)
        {
            Append(tree.GetChild(i), text);
        }
    }

    private void BuildSplit(NeuroSql.ModelClauseContext clause)
    {
        var shares = new List<ModelShareSyntax>();
        int leaveLast = 0;
        foreach (NeuroSql.SplitItemContext item in clause.splitItem())
        {
            ITerminalNode number =
                item.INTEGER_NUMBER() ?? item.DECIMAL_NUMBER() ?? item.DOUBLE_NUMBER();
            SqlToken token = BuilderScope.TokenOf(number);
            if (item.LAST() is not null)
            {
                var leave = (SqlToken)item.Start;
                leaveLast = ModelBuilder.Is(leave, "LEAVE")
                    ? ModelBuilder.Whole(token)
                    : throw SyntaxErrors.Expected(leave, "LEAVE LAST");
                continue;
            }

            shares.Add(new ModelShareSyntax(
                BuilderScope.Identifier(item.name()),
                double.Parse(token.Span, NumberStyles.Float, CultureInfo.InvariantCulture))
            {
                Position = BuilderScope.PositionOf(item),
            });
        }

        _split = new ModelSplitSyntax(shares, leaveLast, _split?.Kind, _split?.Column)
        {
            Position = BuilderScope.PositionOf(clause),
        };
    }

    private void SplitBy(NeuroSql.ModelClauseContext clause)
    {
        var word = (SqlToken)clause.Start;
        bool isColumn = clause.COLUMN() is not null;
        string kind = isColumn ? "COLUMN" : word.Text.ToUpperInvariant();
        if (!isColumn && kind is not ("STRATIFY" or "ORDER" or "GROUP"))
        {
            throw SyntaxErrors.Expected(word, "STRATIFY BY, ORDER BY, GROUP BY or USING COLUMN");
        }

        if (_split?.Kind is { } known)
        {
            throw SyntaxErrors.At(word.Position, $"rows are divided by {known} already");
        }

        _split = (_split ?? new ModelSplitSyntax([], 0, null, null)) with
        {
            Kind = kind,
            Column = BuilderScope.Identifier(clause.name()[0]),
            Position = BuilderScope.PositionOf(clause),
        };
    }
}
