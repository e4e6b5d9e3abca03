using System.Collections;
using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Prints a syntax tree as nested lists, without positions, so that a test can say a whole tree
/// in one line.
/// </summary>
internal static class SyntaxText
{
    public static string Of(SyntaxNode node) => node switch
    {
        IdentifierSyntax name => name.Name,
        NameSyntax name => name.Text,
        ColumnReferenceSyntax column => column.Name.Text,
        LiteralExpressionSyntax { Kind: LiteralKind.Text } text => $"'{text.Text}'",
        LiteralExpressionSyntax { Kind: LiteralKind.Blob } blob => $"X'{blob.Text}'",
        LiteralExpressionSyntax { Kind: LiteralKind.Null } => "NULL",
        LiteralExpressionSyntax literal => literal.Text,
        ParameterExpressionSyntax parameter => $"?{parameter.Number}{parameter.Name}",
        TypeSyntax { Arguments.Count: 0 } type => type.Name.Replace(' ', '_'),
        TypeSyntax type => $"{type.Name.Replace(' ', '_')}({string.Join(',', type.Arguments)})",
        BinaryExpressionSyntax binary =>
            $"({binary.Operator} {Of(binary.Left)} {Of(binary.Right)})",
        UnaryExpressionSyntax unary => $"({unary.Operator} {Of(unary.Operand)})",
        LogicalExpressionSyntax logical =>
            $"({logical.Operator} {string.Join(' ', logical.Operands.Select(Of))})",
        SelectStatementSyntax select => Of(select.Query),
        QuerySyntax
        {
            With.Count: 0, OrderBy.Count: 0, Limit: null, Offset: null,
        } query => Of(query.Body),
        ExpressionItemSyntax { Alias: null } item => Of(item.Expression),
        ExpressionItemSyntax item => $"{Of(item.Expression)}:{item.Alias!.Name}",
        OrderItemSyntax
        {
            Direction: SortDirection.Default, Nulls: NullOrder.Default,
        } item => Of(item.Expression),
        FunctionArgumentSyntax { Name: null } argument => Of(argument.Value),
        FunctionArgumentSyntax argument => $"{argument.Name.Name}=>{Of(argument.Value)}",
        StarItemSyntax { Table: null } => "*",
        StarItemSyntax star => $"{star.Table!.Text}.*",
        NamedTableSyntax { Alias: null } table => table.Name.Text,
        RowSyntax row => $"[{string.Join(' ', row.Values.Select(Of))}]",
        _ => General(node),
    };

    private static string General(SyntaxNode node)
    {
        Type type = node.GetType();
        List<string> parts = [type.Name
            .Replace("Syntax", "", StringComparison.Ordinal)
            .Replace("Statement", "", StringComparison.Ordinal)
            .Replace("Expression", "", StringComparison.Ordinal)];
        if (node is ConstraintSyntax { Name: not null } constraint)
        {
            parts.Add($"Name={constraint.Name.Name}");
        }

        foreach (var parameter in type.GetConstructors()[0].GetParameters())
        {
            string? text = ValueText(
                parameter.Name!, type.GetProperty(parameter.Name!)!.GetValue(node));
            if (text is not null)
            {
                parts.Add(text);
            }
        }

        if (node is FunctionCallSyntax { Inputs: { Count: > 0 } inputs })
        {
            parts.Add($"Inputs[{string.Join(' ', inputs.Select(Of))}]");
        }

        return $"({string.Join(' ', parts)})";
    }

    private static string? ValueText(string name, object? value) => value switch
    {
        null or false => null,
        true => name,
        string text => $"\"{text}\"",
        SyntaxNode node => name is "Where" or "Having" or "Limit" or "Offset" or "Alias" or "Else"
            or "Operand" or "Method" or "Filter" or "Escape" or "On" or "Query"
            ? $"{name}={Of(node)}"
            : Of(node),
        Enum kind => kind.ToString() == "Default" ? null : kind.ToString(),
        IEnumerable list => ListText(name, [.. list.Cast<SyntaxNode>()]),
        _ => value.ToString() is { Length: > 0 } other ? other : null,
    };

    private static string? ListText(string name, List<SyntaxNode> nodes) => nodes.Count == 0
        ? null
        : $"{name}[{string.Join(' ', nodes.Select(Of))}]";
}
