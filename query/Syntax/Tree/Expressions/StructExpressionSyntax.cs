namespace NeuroDb.Query;

/// <summary>{'a': 1, 'b': 2}, a STRUCT, and MAP {1: 'a'}.</summary>
/// <param name="IsMap">Whether it is a MAP.</param>
/// <param name="Items">The names of the fields, or the keys, and their values.</param>
internal sealed record StructExpressionSyntax(
    bool IsMap, IReadOnlyList<(ExpressionSyntax Key, ExpressionSyntax Value)> Items)
    : ExpressionSyntax;
