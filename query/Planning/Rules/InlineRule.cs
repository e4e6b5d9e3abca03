namespace NeuroDb.Query;

/// <summary>
/// Writes items of WITH that are used once in place of their use, so that conditions reach into
/// them.
/// </summary>
internal static class InlineRule
{
    /// <summary>The plan with such uses replaced.</summary>
    public static LogicalNode Apply(LogicalNode plan) => plan.Rewrite(node =>
        node is LogicalShared { Query.IsKept: false } shared ? Apply(shared.Inline()) : node);
}
