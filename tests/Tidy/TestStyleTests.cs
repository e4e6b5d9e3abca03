using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NeuroDb.Tests.Tidy;

/// <summary>Tests read as sentences, never wait, and are skipped only with a reason.</summary>
public sealed partial class TestStyleTests
{
    private static readonly string[] Attributes = ["Fact", "Theory", "SuiteFact", "SuiteTheory"];

    [Fact]
    public void Names_of_tests_are_sentences()
    {
        IEnumerable<string> found =
            from test in Tests()
            where !Sentence().IsMatch(test.Method.Identifier.Text)
            select $"{test.File.At(test.Method)} {test.Method.Identifier.Text}";
        Rule.Holds("Say the behaviour: A_reader_sees_one_snapshot.", found);
    }

    [Fact]
    public void Tests_stand_in_public_sealed_classes_named_after_their_topic()
    {
        IEnumerable<string> found =
            from test in Tests()
            let type = test.Method.Parent as ClassDeclarationSyntax
            where type == null
                || !type.Modifiers.Any(SyntaxKind.PublicKeyword)
                || !type.Identifier.Text.EndsWith("Tests", StringComparison.Ordinal)
            select $"{test.File.At(test.Method)} stands in {type?.Identifier.Text}";
        Rule.Holds("Tests of a topic stand in the public class <Topic>Tests.", found);
    }

    [Fact]
    public void Tests_never_sleep()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources.Where(file => file.IsUnder("tests"))
            from access in file.Nodes<MemberAccessExpressionSyntax>()
            where access.ToString() is "Thread.Sleep" or "Task.Delay"
            select $"{file.At(access)} {access}";
        Rule.Holds("Wait for the event itself.", found);
    }

    [Fact]
    public void Tests_and_their_seeds_are_deterministic()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources.Where(file => file.IsUnder("tests"))
            from node in file.Nodes<ExpressionSyntax>()
            where node is MemberAccessExpressionSyntax access
                    && access.ToString() == "Random.Shared"
                || node is ObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 0 } made
                    && made.Type.ToString() == "Random"
            select file.At(node);
        Rule.Holds("A test that fails once must fail again: give the seed.", found);
    }

    [Fact]
    public void A_skipped_test_says_why()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources.Where(file => file.IsUnder("tests"))
            from argument in file.Nodes<AttributeArgumentSyntax>()
            where argument.NameEquals?.Name.Identifier.Text == "Skip"
                && argument.Expression is LiteralExpressionSyntax { Token.ValueText.Length: < 20 }
            select file.At(argument);
        Rule.Holds("A skip without a reason is a hole.", found);
    }

    private static IEnumerable<(SourceFile File, MethodDeclarationSyntax Method)> Tests() =>
        from file in RepositoryTree.Sources.Where(file => file.IsUnder("tests"))
        from method in file.Nodes<MethodDeclarationSyntax>()
        where method.AttributeLists
            .SelectMany(list => list.Attributes)
            .Any(attribute => Attributes.Contains(attribute.Name.ToString()))
        select (file, method);

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+$")]
    private static partial Regex Sentence();
}
