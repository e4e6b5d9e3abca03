using System.Runtime.CompilerServices;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>
/// What the builders of one statement share: the text, and the depth of the tree, which keeps every
/// later walk over it within the stack.
/// </summary>
internal sealed class BuilderScope(string sql)
{
    private int _depth;

    /// <summary>Goes down some levels; every call is paired with <see cref="Leave"/>.</summary>
    public void Enter(int levels, ParserRuleContext context)
    {
        Invariant.Check(levels >= 0);
        _depth += levels;
        if (_depth > Limits.NestingDepthMax
            || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw SyntaxErrors.TooDeep(((SqlToken)context.Start).Position);
        }
    }

    /// <summary>Comes up again.</summary>
    public void Leave(int levels)
    {
        _depth -= levels;
        Invariant.Check(_depth >= 0);
    }

    /// <summary>The text of a node.</summary>
    public string TextOf(ParserRuleContext context)
    {
        int start = context.Start.StartIndex;
        return sql.Substring(start, Math.Max(context.Stop.StopIndex - start + 1, 0));
    }

    /// <summary>Where a node stands.</summary>
    public static SourcePosition PositionOf(ParserRuleContext context) =>
        Between(context.Start, context.Stop);

    /// <summary>The place from one token to another.</summary>
    public static SourcePosition Between(IToken first, IToken last) =>
        new(first.Line, first.Column, last.StopIndex - first.StartIndex + 1);

    /// <summary>The direction that one of two words names, where one is there.</summary>
    public static SortDirection DirectionOf(ITerminalNode? ascending, ITerminalNode? descending) =>
        ascending is not null ? SortDirection.Ascending
        : descending is not null ? SortDirection.Descending
        : SortDirection.Default;

    /// <summary>Where NULLs come, by one of two words, where one is there.</summary>
    public static NullOrder NullOrderOf(ITerminalNode? first, ITerminalNode? last) =>
        first is not null ? NullOrder.First
        : last is not null ? NullOrder.Last
        : NullOrder.Default;

    /// <summary>The token type of a child; 0 if it is a rule.</summary>
    public static int TypeOf(IParseTree child) =>
        child is ITerminalNode terminal ? terminal.Symbol.Type : 0;

    /// <summary>The token of a child.</summary>
    public static SqlToken TokenOf(IParseTree child)
    {
        Invariant.Check(child is ITerminalNode);
        return (SqlToken)((ITerminalNode)child).Symbol;
    }

    /// <summary>A name from its token.</summary>
    public static IdentifierSyntax Identifier(SqlToken token) =>
        new(token.NameText(), token.IsQuotedName || token.Name is not null)
        {
            Position = token.Position,
        };

    public static IdentifierSyntax Identifier(NeuroSql.NameContext context) =>
        Identifier((SqlToken)context.Start);

    public static IdentifierSyntax Identifier(NeuroSql.BareNameContext context) =>
        Identifier((SqlToken)context.Start);

    /// <summary>Whether a name is a word that the grammar does not know as a keyword.</summary>
    public static bool IsWord(NeuroSql.BareNameContext context, string word) =>
        (SqlToken)context.Start is { IsQuotedName: false } token
        && token.Span.Equals(word, StringComparison.OrdinalIgnoreCase);

    public static IdentifierSyntax? OptionalIdentifier(NeuroSql.NameContext? context) =>
        context is null ? null : Identifier(context);

    public static NameSyntax Name(NeuroSql.QualifiedNameContext context)
    {
        if (context.STAR() is [var star, ..])
        {
            throw SyntaxErrors.Expected(TokenOf(star), "a name");
        }

        return new NameSyntax(Names(context.name())) { Position = PositionOf(context) };
    }

    /// <summary>The table of <c>table.*</c>, or null if the name has no star at its end.</summary>
    public static NameSyntax? StarTable(NeuroSql.QualifiedNameContext context)
    {
        if (context.STAR() is not [var star] || star.Symbol != context.Stop)
        {
            return null;
        }

        NeuroSql.NameContext[] names = context.name();
        return new NameSyntax(Names(names))
        {
            Position = Between(context.Start, names[^1].Stop),
        };
    }

    /// <summary>The names of a list in brackets; empty if there is none.</summary>
    public static IReadOnlyList<IdentifierSyntax> Names(NeuroSql.NameListContext? context) =>
        context is null ? [] : Names(context.name());

    /// <summary>The parameter of a token, with its number.</summary>
    public static ParameterExpressionSyntax Parameter(SqlToken token) =>
        new(token.ParameterNumber, ParameterTable.NameOf(token.Span))
        {
            Position = token.Position,
        };

    public static IReadOnlyList<IdentifierSyntax> Names(NeuroSql.NameContext[] contexts)
    {
        List<IdentifierSyntax> names = new(contexts.Length);
        foreach (NeuroSql.NameContext context in contexts)
        {
            names.Add(Identifier(context));
        }

        return names;
    }
}
