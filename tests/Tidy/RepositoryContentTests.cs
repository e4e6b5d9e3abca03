namespace NeuroDb.Tests.Tidy;

/// <summary>
/// The repository holds sources: no binaries, no data sets, nothing generated but the parser.
/// </summary>
public sealed class RepositoryContentTests
{
    private const long FileBytesMax = 2 * 1024 * 1024;

    private static readonly string[] Extensions =
    [
        ".cs", ".csproj", ".proj", ".props", ".targets", ".sln", ".md", ".txt", ".json", ".sh",
        ".g4", ".slt", ".svg",
        ".sql", ".py", ".c", ".cpp", ".editorconfig", ".gitattributes", ".gitignore",
    ];

    private static readonly string[] NamesWithoutExtension = ["LICENSE", ".ci/run"];

    [Fact]
    public void No_file_is_larger_than_two_mebibytes()
    {
        Rule.Holds(
            "Large data stays outside.",
            RepositoryTree.Files.Where(
                path => new FileInfo(RepositoryTree.FullPath(path)).Length > FileBytesMax));
    }

    [Fact]
    public void Every_file_is_of_a_known_kind_of_source()
    {
        Rule.Holds(
            "A new kind of file joins this list by decision.",
            RepositoryTree.Files.Where(path =>
                !Extensions.Contains(Path.GetExtension(path))
                && !NamesWithoutExtension.Contains(path)));
    }

    [Fact]
    public void Every_file_is_text()
    {
        Rule.Holds(
            "Binaries are built, not kept.",
            RepositoryTree.Files.Where(
                path => File.ReadAllBytes(RepositoryTree.FullPath(path)).Contains((byte)0)));
    }

    [Fact]
    public void Generated_code_stands_only_in_folders_of_that_name()
    {
        string mark = "<auto-" + "generated";
        string tool = "// Generated " + "from ";
        Rule.Holds(
            "Generators write to a folder Generated, so that they can be run again.",
            RepositoryTree.Sources
                .Where(file => file.Text.Contains(mark, StringComparison.OrdinalIgnoreCase)
                    || file.Text.StartsWith(tool, StringComparison.Ordinal))
                .Select(file => file.Path));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = RepositoryTree.Read("NeuroStore.sln").Replace('\\', '/');
        Rule.Holds(
            "What is not in the solution is not built.",
            RepositoryTree.Files.Where(path =>
                path.EndsWith(".csproj", StringComparison.Ordinal)
                && !solution.Contains($"\"{path}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Package_versions_are_exact_and_stand_in_one_place()
    {
        IEnumerable<string> inProjects =
            from path in RepositoryTree.Files
            where path.EndsWith(".csproj", StringComparison.Ordinal)
            where RepositoryTree.Read(path).Contains(" Version=\"", StringComparison.Ordinal)
            select path;
        IEnumerable<string> loose =
            from line in RepositoryTree.Read("Directory.Packages.props").Split('\n')
            where line.Contains("PackageVersion", StringComparison.Ordinal)
                && (line.Contains('*') || line.Contains('['))
            select line.Trim();
        Rule.Holds("Versions stand in Directory.Packages.props.", inProjects.Concat(loose));
    }
}
