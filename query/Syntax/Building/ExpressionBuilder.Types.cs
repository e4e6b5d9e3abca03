using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>The types in casts and of columns.</summary>
internal sealed partial class ExpressionBuilder
{
    public static TypeSyntax BuildType(NeuroSql.TypeNameContext context)
    {
        string name = ((SqlToken)context.name().Start).NameText().ToUpperInvariant();
        string second = context.PRECISION() is not null ? " PRECISION"
            : context.VARYING() is not null ? " VARYING" : "";
        return WithArguments(
            new TypeSyntax(name + second, []), context.typeArguments()) with
        {
            ArrayDepth = context.arraySize().Length,
            Position = BuilderScope.PositionOf(context),
        };
    }

    public static TypeSyntax BuildType(NeuroSql.ColumnTypeContext context) =>
        BuildType(context, TypeWords.Of(context));

    /// <summary>The fields of CREATE TYPE t AS (a INT): a STRUCT.</summary>
    public static TypeSyntax BuildRow(NeuroSql.TypeArgumentsContext context) =>
        WithArguments(new TypeSyntax("STRUCT", []), context) with
        {
            Position = BuilderScope.PositionOf(context),
        };

    private static TypeSyntax BuildType(
        NeuroSql.ColumnTypeContext context, IEnumerable<SqlToken> words)
    {
        string name = string.Join(
            ' ', words.Select(static word => word.NameText().ToUpperInvariant()));
        return WithArguments(new TypeSyntax(name, []), context.typeArguments()) with
        {
            ArrayDepth = context.arraySize().Length,
            Position = BuilderScope.PositionOf(context),
        };
    }

    private static TypeSyntax WithArguments(
        TypeSyntax type, NeuroSql.TypeArgumentsContext? context)
    {
        if (context?.plainQuery() is { } query)
        {
            throw SyntaxErrors.Expected((SqlToken)query.Start, "what a type takes");
        }

        var sizes = new List<int>();
        var labels = new List<string>();
        var parts = new List<TypePartSyntax>();
        foreach (NeuroSql.TypeArgumentContext argument in context?.typeArgument() ?? [])
        {
            var token = (SqlToken)argument.Start;
            if (argument.columnType() is { } inner)
            {
                List<SqlToken> words = TypeWords.Of(inner);
                parts.Add(new TypePartSyntax(
                    BuilderScope.Identifier(words[0]),
                    words.Count > 1 ? BuildType(inner, words.Skip(1)) : null,
                    BuildType(inner, words))
                {
                    Position = token.Position,
                });
            }
            else if (argument.TEXT_STRING() is not null)
            {
                labels.Add(token.StringText());
            }
            else
            {
                sizes.Add(SizeOf(token));
            }
        }

        return type with { Arguments = sizes, Labels = labels, Parts = parts };
    }

    private static int SizeOf(SqlToken token) =>
        int.TryParse(token.Span, out int size)
            ? size
            : throw SyntaxErrors.At(
                token.Position, "the size of a type is a whole number below 2147483648");
}
