namespace NeuroDb.Query;

/// <summary>LIKE and GLOB as functions; the pattern comes first, as in SQLite.</summary>
internal static class PatternFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("like", 2, 3, call => ExpressionFactory.Like(
            call.Arguments[1],
            call.Arguments[0],
            call.Count > 2 ? call.Arguments[2] : null,
            ignoreCase: false,
            negated: false,
            call.Position)),
        new("glob", 2, 2, call => call.Make(
            DataType.Boolean,
            RowLoops.Of<string, string, long>((pattern, text) =>
                GlobPattern.IsMatch(pattern, text) ? 1 : 0),
            [call.Text(0), call.Text(1)])),
    ];
}
