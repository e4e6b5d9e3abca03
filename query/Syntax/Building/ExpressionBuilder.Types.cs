using Antlr4.Runtime.Tree;
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
        return new TypeSyntax(name + second, Arguments(context.typeArguments()))
        {
            ArrayDepth = context.arraySize().Length,
            Position = BuilderScope.PositionOf(context),
        };
    }

    public static TypeSyntax BuildType(NeuroSql.ColumnTypeContext context) =>
        new(
            TypeWords.Of(context), Arguments(context.typeArguments()))
        {
            ArrayDepth = context.arraySize().Length,
            Position = BuilderScope.PositionOf(context),
        };

    private static int[] Arguments(NeuroSql.TypeArgumentsContext? context)
    {
        if (context is null)
        {
            return [];
        }

        ITerminalNode[] nodes = context.INTEGER_NUMBER();
        int[] arguments = new int[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            SqlToken token = BuilderScope.TokenOf(nodes[i]);
            if (!int.TryParse(token.Span, out arguments[i]))
            {
                throw SyntaxErrors.At(
                    token.Position, "the size of a type is a whole number below 2147483648");
            }
        }

        return arguments;
    }
}
