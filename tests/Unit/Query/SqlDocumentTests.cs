using System.Text.RegularExpressions;
using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Keeps docs/sql.md complete: every type and function, and none that is not there.
/// </summary>
public sealed partial class SqlDocumentTests
{
    private static readonly string Text =
        File.ReadAllText(Path.Combine(Repository.Root(), "docs", "sql.md"));

    [Fact]
    public void Every_function_is_documented()
    {
        string[] missing = [.. Known().Except(DocumentedFunctions())];
        Assert.Equal([], missing);
    }

    [Fact]
    public void Every_documented_function_exists()
    {
        string[] unknown = [.. DocumentedFunctions().Except(Known())];
        Assert.Equal([], unknown);
    }

    [Fact]
    public void Every_type_is_documented()
    {
        string[] missing = [.. TypeNames.All.Where(name =>
            !Text.Contains($"`{name}`", StringComparison.Ordinal))];
        Assert.Equal([], missing);
    }

    private static IEnumerable<string> Known() =>
        FunctionRegistry.Names
            .Concat(AggregateRegistry.Names)
            .Concat(WindowRegistry.Names)
            .Concat(TableFunctionRegistry.Names)
            .Concat(PredictionBinder.Names)
            .Concat(ListLambdas.Names)
            .Concat(ExpressionBinder.GroupingNames)
            .Append(PredictionTableBinder.Name)
            .Append(SearchRankingsBinder.FunctionName);

    private static IEnumerable<string> DocumentedFunctions()
    {
        int start = Text.IndexOf("## Functions", StringComparison.Ordinal);
        int end = Text.IndexOf("## Where SQLite", StringComparison.Ordinal);
        return Text[start..end].Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Call().Matches(line.Split(" | ")[0]))
            .Select(match => match.Groups[1].Value);
    }

    [GeneratedRegex(@"`([a-z_0-9.]+)(?:\(|`)")]
    private static partial Regex Call();
}
