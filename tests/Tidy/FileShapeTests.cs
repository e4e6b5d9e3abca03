using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NeuroDb.Tests.Tidy;

/// <summary>
/// The shape of hand-written sources: small files, short methods, one type a file.
/// </summary>
public sealed class FileShapeTests
{
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 60;
    private const int LineColumnsMax = 100;
    private const string MergeMarkBefore = "<<<<<<< ";
    private const string MergeMarkAfter = ">>>>>>> ";

    private static readonly string[] AsciiExtensions =
        [".cs", ".csproj", ".props", ".targets", ".g4", ".sh", ".editorconfig", ".txt", ".json"];

    [Fact]
    public void Files_have_at_most_four_hundred_lines()
    {
        Rule.Holds(
            "A file has one topic; split it.",
            RepositoryTree.Sources
                .Where(file => file.Lines.Length > FileLinesMax)
                .Select(file => $"{file.Path} has {file.Lines.Length} lines"));
    }

    [Fact]
    public void Lines_have_at_most_one_hundred_columns()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            from line in file.Lines.Index()
            where line.Item.Length > LineColumnsMax
            select $"{file.Path}:{line.Index + 1} has {line.Item.Length} columns";
        Rule.Holds("Break the line.", found);
    }

    [Fact]
    public void Bodies_of_methods_have_at_most_sixty_lines()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            from node in file.Unit.DescendantNodes()
            let body = BodyOf(node)
            where body != null
            let lines = LinesOf(body)
            where lines > MethodLinesMax
            select $"{file.At(node)} has a body of {lines} lines";
        Rule.Holds("Give the parts of the method names of their own.", found);
    }

    [Fact]
    public void A_file_holds_one_type_and_is_named_after_it()
    {
        var found = new List<string>();
        foreach (SourceFile file in RepositoryTree.Sources)
        {
            MemberDeclarationSyntax[] types = [.. TopLevelTypes(file)];
            string[] names = [.. types.Select(FileNameOf).Distinct()];
            if (names.Length > 1)
            {
                found.Add($"{file.Path} holds {string.Join(", ", names)}");
            }
            else if (names.Length == 1 && names[0] != file.Stem)
            {
                found.Add($"{file.Path} holds {names[0]}");
            }
            else if (names.Length == 0 && !IsFileWithoutType(file))
            {
                found.Add($"{file.Path} holds no type");
            }
        }

        Rule.Holds("One top-level type a file; X in X.cs, X<T> in XOf.cs.", found);
    }

    [Fact]
    public void Namespaces_are_file_scoped_and_are_those_of_the_folder()
    {
        var found = new List<string>();
        foreach (SourceFile file in RepositoryTree.Sources)
        {
            found.AddRange(file.Nodes<NamespaceDeclarationSyntax>()
                .Select(node => $"{file.At(node)} is a namespace with braces"));
            found.AddRange(file.Nodes<BaseNamespaceDeclarationSyntax>()
                .Where(node => !NamespacesOf(file).Contains(node.Name.ToString()))
                .Select(node => $"{file.At(node)} {node.Name}, not {NamespacesOf(file)[0]}"));
            found.AddRange(TopLevelTypes(file)
                .Where(type => type.Parent is CompilationUnitSyntax)
                .Select(type => $"{file.At(type)} stands in no namespace"));
        }

        Rule.Holds("Folders inside a layer add no parts to its namespace.", found);
    }

    [Fact]
    public void Sources_are_ascii_except_where_text_is_the_matter()
    {
        IEnumerable<string> found =
            from path in RepositoryTree.Files
            where AsciiExtensions.Contains(Path.GetExtension(path))
                && !path.StartsWith("tests/", StringComparison.Ordinal)
                && !path.StartsWith("samples/", StringComparison.Ordinal)
            from line in RepositoryTree.Read(path).Split('\n').Index()
            where !System.Text.Ascii.IsValid(line.Item)
            select $"{path}:{line.Index + 1}";
        Rule.Holds("Write other characters as escapes.", found);
    }

    [Fact]
    public void No_file_keeps_the_marks_of_a_merge()
    {
        IEnumerable<string> found =
            from path in RepositoryTree.Files
            from line in RepositoryTree.Read(path).Split('\n').Index()
            where line.Item.StartsWith(MergeMarkBefore, StringComparison.Ordinal)
                || line.Item.StartsWith(MergeMarkAfter, StringComparison.Ordinal)
            select $"{path}:{line.Index + 1}";
        Rule.Holds("Choose one side, or put both together.", found);
    }

    [Fact]
    public void Sources_have_no_tabs_no_trailing_spaces_and_end_with_one_line_end()
    {
        var found = new List<string>();
        foreach (SourceFile file in RepositoryTree.Sources)
        {
            if (!file.Text.EndsWith('\n') || file.Text.EndsWith("\n\n", StringComparison.Ordinal))
            {
                found.Add($"{file.Path} does not end with one line end");
            }

            found.AddRange(file.Lines.Index()
                .Where(line => line.Item.Contains('\t')
                    || line.Item.Length > line.Item.TrimEnd().Length)
                .Select(line => $"{file.Path}:{line.Index + 1} has a tab or trailing spaces"));
        }

        Rule.Holds("White space carries no meaning.", found);
    }

    private static bool IsFileWithoutType(SourceFile file) =>
        file.Stem is "GlobalUsings" or "AssemblyAttributes"
        || file.Unit.Members.OfType<GlobalStatementSyntax>().Any();

    private static IEnumerable<MemberDeclarationSyntax> TopLevelTypes(SourceFile file) =>
        file.Unit
            .DescendantNodes(
                node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    private static string FileNameOf(MemberDeclarationSyntax type) => type switch
    {
        TypeDeclarationSyntax { TypeParameterList: not null } generic =>
            generic.Identifier.Text + "Of",
        DelegateDeclarationSyntax { TypeParameterList: not null } generic =>
            generic.Identifier.Text + "Of",
        BaseTypeDeclarationSyntax plain => plain.Identifier.Text,
        DelegateDeclarationSyntax plain => plain.Identifier.Text,
        _ => type.ToString(),
    };

    private static string[] NamespacesOf(SourceFile file)
    {
        string[] parts = file.Path.Split('/');
        if (file.IsUnder("tests/Kernels/StandIn"))
        {
            return ["NeuroDb.Tests.Kernels", "ILGPU", "ILGPU.Algorithms", "ILGPU.Runtime",
                "ILGPU.Runtime.Cuda"];
        }

        return parts[0] switch
        {
            "engine" => ["NeuroDb", "NeuroDb.Data"],
            "cli" => ["NeuroDb.Cli"],
            "extensions" => ["NeuroDb.Extensions"],
            "bench" => ["NeuroDb.Bench"],
            "samples" => ["NeuroDb.Samples." + parts[1]],
            "tests" => ["NeuroDb.Tests." + parts[1]],
            _ => [House.Of(parts[0]).Namespace],
        };
    }

    private static SyntaxNode? BodyOf(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody,
        AccessorDeclarationSyntax accessor => (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody,
        LocalFunctionStatementSyntax local => (SyntaxNode?)local.Body ?? local.ExpressionBody,
        _ => null,
    };

    /// <summary>Lines between the braces; the lines of an expression.</summary>
    private static int LinesOf(SyntaxNode body)
    {
        FileLinePositionSpan span = body.GetLocation().GetLineSpan();
        int lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
        return body.IsKind(SyntaxKind.Block) ? lines - 2 : lines;
    }
}
