using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NeuroDb.Tests.Tidy;

/// <summary>Comments say why; they hold no code, no history and no promises.</summary>
public sealed partial class CommentTests
{
    private static readonly string[] Promises = ["TODO", "FIXME", "HACK", "XXX"];

    [Fact]
    public void Comments_hold_no_promises()
    {
        IEnumerable<string> found =
            from comment in Comments()
            where Promises.Any(word => Regex.IsMatch(comment.Text, $@"\b{word}\b"))
            select $"{comment.Place} {comment.Text.Trim()}";
        Rule.Holds("Do it now or leave it out.", found);
    }

    [Fact]
    public void Comments_hold_no_code()
    {
        IEnumerable<string> found =
            from comment in Comments()
            where !comment.IsDocumentation
            from line in comment.Text.Split('\n')
            let text = line.Trim().TrimStart('/', '*').Trim()
            where LooksLikeCode().IsMatch(text)
            select $"{comment.Place} {text}";
        Rule.Holds("Delete code; git keeps it.", found);
    }

    [Fact]
    public void Comments_point_to_no_ticket_and_to_nothing_outside_the_repository()
    {
        IEnumerable<string> found =
            from comment in Comments()
            where PointsOutside().IsMatch(comment.Text)
            select $"{comment.Place} {comment.Text.Trim()}";
        Rule.Holds("Say the reason itself; a stranger has only this repository.", found);
    }

    [Fact]
    public void Sources_have_no_regions_and_silence_no_warnings()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            from node in file.Unit.DescendantNodes(descendIntoTrivia: true)
                .OfType<DirectiveTriviaSyntax>()
            where node.Kind() is SyntaxKind.RegionDirectiveTrivia
                or SyntaxKind.PragmaWarningDirectiveTrivia
                || (node is NullableDirectiveTriviaSyntax nullable
                    && nullable.SettingToken.IsKind(SyntaxKind.DisableKeyword))
            select $"{file.At(node)} {node}";
        Rule.Holds("Split what needs a region; mend what warns.", found);
    }

    [Fact]
    public void Sources_hold_no_stubs()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            from name in file.Nodes<IdentifierNameSyntax>()
            where name.Identifier.Text is "NotImplementedException" or "SuppressMessage"
            select $"{file.At(name)} {name.Identifier.Text}";
        Rule.Holds("What is there works; what does not work is not there.", found);
    }

    private static IEnumerable<(string Place, string Text, bool IsDocumentation)> Comments() =>
        from file in RepositoryTree.Sources
        from trivia in file.Unit.DescendantTrivia()
        let kind = trivia.Kind()
        where kind is SyntaxKind.SingleLineCommentTrivia
            or SyntaxKind.MultiLineCommentTrivia
            or SyntaxKind.SingleLineDocumentationCommentTrivia
            or SyntaxKind.MultiLineDocumentationCommentTrivia
        select (
            file.At(trivia.GetLocation()),
            trivia.ToFullString(),
            kind is not (SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia));

    [GeneratedRegex(
        @"[\w)\]]\s*(\(.*\)|=.*|\+\+|--);$|^(return|break|continue|throw)\b.*;$"
        + @"|^(if|for|foreach|while|switch|lock|using) \(.*\)\s*\{?$|^(else|\{|\})$"
        + @"|^(public|private|internal|protected|static) [\w<>\[\]]+ \w+"
        + @"|^(var|int|long|string|bool) \w+ = ")]
    private static partial Regex LooksLikeCode();

    [GeneratedRegex(
        @"\bissue #?\d|\bticket\b|\(#\d+\)|\.\./shared|\breference/\w"
        + @"|github\.com/\S+/(issues|pull)/")]
    private static partial Regex PointsOutside();
}
