using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NeuroDb.Tests.Tidy;

/// <summary>One hand-written C# file: its lines and its syntax tree.</summary>
internal sealed class SourceFile(string path, string text)
{
    private static readonly CSharpParseOptions Options = new(
        LanguageVersion.Preview,
        DocumentationMode.Parse,
        preprocessorSymbols: ["ILGPU", "DEBUG"]);

    private readonly Lazy<CompilationUnitSyntax> _unit = new(
        () => (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(text, Options, path).GetRoot());

    /// <summary>The path from the repository's root, with forward slashes.</summary>
    public string Path => path;

    /// <summary>The whole text.</summary>
    public string Text => text;

    /// <summary>
    /// The lines without their ends; the last is not empty in a well-formed file.
    /// </summary>
    public string[] Lines { get; } = text.TrimEnd('\n').Split('\n');

    /// <summary>The name without folders and without `.cs` and what stands between.</summary>
    public string Stem => System.IO.Path.GetFileName(path).Split('.')[0];

    /// <summary>The parsed file.</summary>
    public CompilationUnitSyntax Unit => _unit.Value;

    /// <summary>Whether the file lies under one of these folders.</summary>
    public bool IsUnder(params string[] folders) => folders.Any(
        folder => path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal));

    /// <summary>All nodes of a kind.</summary>
    public IEnumerable<TNode> Nodes<TNode>()
        where TNode : SyntaxNode => Unit.DescendantNodes().OfType<TNode>();

    /// <summary>`path:line` of a node, as compilers print it.</summary>
    public string At(SyntaxNode node) => At(node.GetLocation());

    /// <summary>`path:line` of a place.</summary>
    public string At(Location place) => $"{path}:{place.GetLineSpan().StartLinePosition.Line + 1}";
}
