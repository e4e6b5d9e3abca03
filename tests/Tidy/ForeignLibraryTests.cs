using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NeuroDb.Tests.Tidy;

/// <summary>
/// Each foreign library stays behind one folder, so that it can be replaced there.
/// </summary>
public sealed class ForeignLibraryTests
{
    [Theory]
    [InlineData("FASTER", "storage/Log")]
    [InlineData("Antlr4", "query/Syntax")]
    [InlineData("ILGPU", "gpu", "tests/Kernels")]
    [InlineData("BenchmarkDotNet", "bench")]
    [InlineData("Spectre", "cli")]
    [InlineData("Xunit", "tests")]
    [InlineData("FsCheck", "tests")]
    public void A_foreign_library_is_named_only_in_its_folder(
        string library, params string[] folders)
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            where !file.IsUnder(folders)
            from name in file.Nodes<IdentifierNameSyntax>()
            where name.Identifier.Text == library
            select $"{file.At(name)} names {library}";
        Rule.Holds($"{library} stays in {string.Join(" and ", folders)}.", found);
    }

    [Theory]
    [InlineData("storage", "FASTER.core", "/storage/Log/")]
    [InlineData("query", "Antlr4.Runtime.Standard", "/query/Syntax/")]
    [InlineData("gpu", "ILGPU", ".Ilgpu.cs")]
    public void Compiled_code_uses_a_foreign_library_only_in_its_folder(
        string layer, string library, string place)
    {
        using var uses = new MethodUses(House.Of(layer).AssemblyPath);
        (string File, string Assembly)[] found = [.. uses.Find()];

        // ILGPU is compiled only where its packages are; the others are always there to be found.
        Assert.Contains(found, use => layer == "gpu" || use.Assembly == library);
        Rule.Holds(
            $"{library} stays in {place}.",
            found
                .Where(use => use.Assembly.StartsWith(library, StringComparison.Ordinal))
                .Where(use => !use.File.Contains(place, StringComparison.Ordinal))
                .Select(use => $"{use.File} uses {use.Assembly}"));
    }

    [Fact]
    public void The_command_line_library_is_named_only_in_the_shell()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources.Where(file => !file.IsUnder("cli"))
            from directive in file.Nodes<UsingDirectiveSyntax>()
            where directive.Name?.ToString()
                .StartsWith("System.CommandLine", StringComparison.Ordinal)
                == true
            select file.At(directive);
        Rule.Holds("System.CommandLine stays in cli.", found);
    }

    [Fact]
    public void Device_code_is_the_only_code_of_gpu_that_names_ilgpu()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources.Where(file => file.IsUnder("gpu"))
            where !file.Path.EndsWith(".Ilgpu.cs", StringComparison.Ordinal)
            from name in file.Nodes<IdentifierNameSyntax>()
            where name.Identifier.Text == "ILGPU"
            select file.At(name);
        Rule.Holds("ILGPU is named only in files that end in .Ilgpu.cs.", found);
    }

    [Fact]
    public void Projects_do_not_open_a_foreign_namespace_for_all_their_files()
    {
        IEnumerable<string> found =
            from path in RepositoryTree.Files
            where path.EndsWith(".csproj", StringComparison.Ordinal)
            from line in RepositoryTree.Read(path).Split('\n')
            where line.Contains("<Using Include=", StringComparison.Ordinal)
                && !line.Contains("\"NeuroDb\"", StringComparison.Ordinal)
                && !(line.Contains("\"Xunit\"", StringComparison.Ordinal)
                    && path.StartsWith("tests/", StringComparison.Ordinal))
            select $"{path} {line.Trim()}";
        Rule.Holds("A file says itself which library it uses.", found);
    }
}
