namespace NeuroDb.Query;

/// <summary>
/// ml.classification_report(MODEL m) as a value: the lines of the table function of that name as
/// one text.
/// </summary>
internal static class ReportBinder
{
    private const string Name = "ml.classification_report";
    private const string Layout = "layout";

    /// <summary>Whether a call asks for a report.</summary>
    public static bool Knows(FunctionCallSyntax call) =>
        call.Name.Text.Equals(Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The query that gives the text.</summary>
    public static SubqueryExpressionSyntax QueryOf(FunctionCallSyntax call)
    {
        var select = (SelectStatementSyntax)SqlParser.Parse(
            $"SELECT string_agg(report, chr(10)) FROM {Name}(MODEL m, layout => 'text') "
                + "AS report")[0];
        var body = (SelectSyntax)select.Query.Body;
        var table = (FunctionTableSyntax)body.From[0];
        bool hasLayout = call.Arguments.Any(static it =>
            string.Equals(it.Name?.Name, Layout, StringComparison.OrdinalIgnoreCase));
        IReadOnlyList<FunctionArgumentSyntax> arguments = hasLayout
            ? call.Arguments : [.. call.Arguments, table.Call.Arguments[^1]];
        return new SubqueryExpressionSyntax(select.Query with
        {
            Body = body with
            {
                From = [table with { Call = call with { Arguments = arguments } }],
            },
        })
        {
            Position = call.Position,
        };
    }
}
