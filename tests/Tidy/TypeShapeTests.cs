using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NeuroDb.Tests.Tidy;

/// <summary>
/// The shape of types: closed unless meant otherwise, small in what they show, explained.
/// </summary>
public sealed class TypeShapeTests
{
    /// <summary>
    /// Bases that are thrown or measured themselves: the family of errors, and what BenchmarkDotNet
    /// derives from.
    /// </summary>
    private static readonly string[] OpenClasses =
        ["NeuroStoreException", "PairKernels", "ScanKernels"];

    [Fact]
    public void Classes_are_sealed_static_or_abstract()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            from type in file.Nodes<TypeDeclarationSyntax>()
            where type is ClassDeclarationSyntax
                    or RecordDeclarationSyntax
                        {
                            ClassOrStructKeyword.RawKind: not (int)SyntaxKind.StructKeyword
                        }
                && !IsClosed(type)
                && !OpenClasses.Contains(type.Identifier.Text)
            select $"{file.At(type)} {type.Identifier.Text}";
        Rule.Holds("Inheritance is designed or forbidden: sealed, static or abstract.", found);
    }

    [Fact]
    public void The_layers_below_the_engine_show_no_public_types()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources.Where(
                file => file.IsUnder("gpu", "storage", "neural", "query"))
            from type in file.Nodes<MemberDeclarationSyntax>()
            where type is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
                && type.Modifiers.Any(SyntaxKind.PublicKeyword)
                && type.Parent is BaseNamespaceDeclarationSyntax
            select file.At(type);
        Rule.Holds("Users see engine and core; the layers between are internal.", found);
    }

    [Fact]
    public void Every_type_that_others_see_says_what_it_is_for()
    {
        var explained = new HashSet<string>(StringComparer.Ordinal);
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SourceFile file in RepositoryTree.Sources)
        {
            foreach (MemberDeclarationSyntax type in file.Nodes<MemberDeclarationSyntax>())
            {
                if (type is not (BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
                    || IsPrivate(type)
                    || (file.IsUnder("tests")
                        && file.Stem.EndsWith("Tests", StringComparison.Ordinal)))
                {
                    continue;
                }

                string name = $"{file.Path.Split('/')[0]}/{FullName(type)}";
                places.TryAdd(name, file.At(type));
                string above = type.GetLeadingTrivia().ToFullString();
                if (above.Contains("<summary>", StringComparison.Ordinal)
                    || above.Contains("<inheritdoc", StringComparison.Ordinal))
                {
                    explained.Add(name);
                }
            }
        }

        // Names of tests are sentences; a page above them would only repeat those.
        Rule.Holds(
            "A <summary> says what a type is for, who owns it, which invariant it keeps.",
            places.Where(place => !explained.Contains(place.Key)).Select(place => place.Value));
    }

    [Fact]
    public void Summaries_are_not_empty()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            from line in file.Lines.Index()
            where line.Item.Replace(" ", "", StringComparison.Ordinal)
                .Contains("<summary>" + "</summary>", StringComparison.Ordinal)
            select $"{file.Path}:{line.Index + 1}";
        Rule.Holds("An empty summary explains nothing.", found);
    }

    [Fact]
    public void Private_fields_are_underscore_camel_and_shared_constants_are_pascal()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            from field in file.Nodes<FieldDeclarationSyntax>()
            where IsPrivate(field)
            let pascal = field.Modifiers.Any(SyntaxKind.ConstKeyword)
                || (field.Modifiers.Any(SyntaxKind.StaticKeyword)
                    && field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword))
            from variable in field.Declaration.Variables
            let name = variable.Identifier.Text
            where pascal
                ? !char.IsAsciiLetterUpper(name[0])
                : !(name.Length > 1 && name[0] == '_' && !char.IsAsciiLetterUpper(name[1]))
            select $"{file.At(field)} {name}";
        Rule.Holds("_camelCase for state, PascalCase for constants and static readonly.", found);
    }

    private static bool IsClosed(TypeDeclarationSyntax type) =>
        type.Modifiers.Any(SyntaxKind.SealedKeyword)
        || type.Modifiers.Any(SyntaxKind.StaticKeyword)
        || type.Modifiers.Any(SyntaxKind.AbstractKeyword)
        || (type.Modifiers.Any(SyntaxKind.PartialKeyword) && OtherPartIsClosed(type));

    private static bool OtherPartIsClosed(TypeDeclarationSyntax part) =>
        RepositoryTree.Sources
            .SelectMany(file => file.Nodes<TypeDeclarationSyntax>())
            .Any(type => type != part
                && FullName(type) == FullName(part)
                && (type.Modifiers.Any(SyntaxKind.SealedKeyword)
                    || type.Modifiers.Any(SyntaxKind.StaticKeyword)
                    || type.Modifiers.Any(SyntaxKind.AbstractKeyword)));

    private static bool IsPrivate(MemberDeclarationSyntax member)
    {
        bool inType = member.Parent is TypeDeclarationSyntax and not InterfaceDeclarationSyntax;
        return (inType
                && !member.Modifiers.Any(SyntaxKind.PublicKeyword)
                && !member.Modifiers.Any(SyntaxKind.InternalKeyword)
                && !member.Modifiers.Any(SyntaxKind.ProtectedKeyword))
            || (inType && member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
                && member.Parent is MemberDeclarationSyntax outer && IsPrivate(outer));
    }

    private static string FullName(MemberDeclarationSyntax type)
    {
        string name = type switch
        {
            TypeDeclarationSyntax declared =>
                $"{declared.Identifier.Text}`{declared.TypeParameterList?.Parameters.Count ?? 0}",
            BaseTypeDeclarationSyntax declared => declared.Identifier.Text,
            DelegateDeclarationSyntax declared => declared.Identifier.Text,
            _ => "",
        };
        return type.Parent switch
        {
            BaseNamespaceDeclarationSyntax space => $"{space.Name}.{name}",
            TypeDeclarationSyntax outer => $"{FullName(outer)}.{name}",
            _ => name,
        };
    }
}
