using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NeuroDb.Tests.Tidy;

/// <summary>
/// Errors are handled where their kind is known; only named boundaries take everything.
/// </summary>
public sealed class ErrorHandlingTests
{
    /// <summary>
    /// Where any exception ends or changes hands: loops of threads, answers to other threads, the
    /// main methods of programs.
    /// </summary>
    private static readonly string[] Boundaries =
    [
        "cli/ShellHost.cs",
        "core/Seams/SharedLoop.cs",
        "engine/Appender.cs",
        "engine/Sessions/Background.cs",
        "storage/Transactions/CommitGroup.cs",
        "tests/Kernels/StandIn/Lane.cs",
    ];

    [Fact]
    public void Only_boundaries_catch_everything()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            where !Boundaries.Contains(file.Path)
            from clause in file.Nodes<CatchClauseSyntax>()
            where CatchesEverything(clause) && !Rethrows(clause)
            select file.At(clause);
        Rule.Holds("Catch the kinds you can handle, filter by `when`, or rethrow.", found);
    }

    [Fact]
    public void Boundaries_still_catch_everything()
    {
        IEnumerable<string> stale = Boundaries.Where(path =>
            RepositoryTree.Sources.SingleOrDefault(file => file.Path == path) is { } file
            && !file.Nodes<CatchClauseSyntax>().Any(CatchesEverything));
        Rule.Holds("A boundary that catches nothing leaves the list.", stale);
    }

    [Fact]
    public void No_handler_is_empty_without_a_word()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            from clause in file.Nodes<CatchClauseSyntax>()
            where clause.Block.Statements.Count == 0
                && !clause.Block.ToFullString().Contains("//", StringComparison.Ordinal)
            select file.At(clause);
        Rule.Holds("An error that is dropped needs its reason beside it.", found);
    }

    [Fact]
    public void Nothing_throws_the_bare_exception_types()
    {
        string[] bare = ["Exception", "SystemException", "ApplicationException"];
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            from made in file.Nodes<ObjectCreationExpressionSyntax>()
            where bare.Contains(made.Type.ToString())
            select file.At(made);
        Rule.Holds("An error has a type and a code.", found);
    }

    private static bool CatchesEverything(CatchClauseSyntax clause) =>
        clause.Filter == null
        && (clause.Declaration == null
            || clause.Declaration.Type.ToString() is "Exception" or "System.Exception");

    private static bool Rethrows(CatchClauseSyntax clause) =>
        clause.Block.Statements.LastOrDefault() is ThrowStatementSyntax { Expression: null };
}
