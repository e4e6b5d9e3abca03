namespace NeuroDb.Query;

/// <summary>Computes parts of expressions that need no rows and no parameters once, here.</summary>
internal static class ConstantFoldingRule
{
    /// <summary>The plan with constants folded.</summary>
    public static LogicalNode Apply(LogicalNode plan) =>
        plan.Rewrite(node => node.MapExpressions(ExpressionFactory.FoldConstants));
}
