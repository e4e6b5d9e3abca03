namespace NeuroDb.Query;

/// <summary>Full-text conditions, where no table stands behind them.</summary>
internal static class TextMatchFunctions
{
    /// <summary>The functions.</summary>
    public static FunctionDefinition[] Definitions { get; } =
    [
        new(TextMatchBinder.FunctionName, 2, 2, BindMatch),
    ];

    // text_match (text, words): whether the text has all the words; no words match nothing.
    private static Expression BindMatch(FunctionCall call) =>
        TextMatchExpression.Make(call.Arguments[0], call.Arguments[1], null, call.Position);
}
