using System.Text.RegularExpressions;

namespace NeuroDb.Tests.Tidy;

/// <summary>What the documentation names is there: links, files, projects, scripts.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Pages =
        [.. RepositoryTree.Files.Where(path => path.EndsWith(".md", StringComparison.Ordinal))];

    [Fact]
    public void Links_between_pages_resolve()
    {
        var found = new List<string>();
        foreach (string page in Pages)
        {
            foreach (Match link in Link().Matches(WithoutCode(RepositoryTree.Read(page))))
            {
                string target = link.Groups[1].Value;
                if (!target.Contains("://", StringComparison.Ordinal) && !Resolves(page, target))
                {
                    found.Add($"{page} -> {target}");
                }
            }
        }

        Rule.Holds("A link leads to a file or heading of this repository.", found);
    }

    [Fact]
    public void The_first_two_commands_of_the_readme_run_the_sample_and_the_tests()
    {
        string[] blocks =
            [.. ShellBlock()
                .Matches(RepositoryTree.Read("README.md"))
                .Select(match => match.Groups[1].Value.Trim())];
        Assert.True(blocks.Length >= 2, "README.md has less than two sh blocks.");
        Assert.StartsWith(
            "dotnet run -c Release --project samples/ApiSearch -- ",
            blocks[0],
            StringComparison.Ordinal);
        Assert.Equal("dotnet test -c Release", blocks[1]);
    }

    [Fact]
    public void The_ten_lines_of_the_readme_are_the_quick_start_sample()
    {
        string sample = RepositoryTree.Read("samples/QuickStart/Program.cs");
        Assert.Contains($"```csharp\n{sample}```", RepositoryTree.Read("README.md"));
    }

    [Fact]
    public void Commands_name_projects_scripts_and_verbs_that_exist()
    {
        var found = new List<string>();
        foreach (string page in Pages)
        {
            foreach (string command in CommandsOf(RepositoryTree.Read(page)))
            {
                found.AddRange(ProblemsOf(command)
                    .Select(problem => $"{page}: `{command}`: {problem}"));
            }
        }

        Rule.Holds("A command of the documentation runs as it stands.", found);
    }

    [Fact]
    public void Files_that_the_documentation_names_exist()
    {
        IEnumerable<string> found =
            from page in Pages
            from match in FileName().Matches(RepositoryTree.Read(page))
            let name = match.Groups[1].Value
            where !RepositoryTree.Files.Any(file =>
                file == name || file.EndsWith("/" + name, StringComparison.Ordinal))
                && !IsExample(page, name)
            select $"{page} names {name}";
        Rule.Holds("Rename the word with the file.", found);
    }

    [Fact]
    public void The_pages_that_a_newcomer_needs_exist()
    {
        string[] needed =
        [
            "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "LICENSE", "docs/errors.md",
            "docs/format.md", "docs/benchmarks.md", "docs/how-to/add-a-kernel.md",
            "docs/how-to/add-a-sql-function.md", "docs/how-to/add-a-data-type.md",
            "docs/how-to/add-an-operator-or-statement.md",
        ];
        Rule.Holds("These pages exist.", needed.Where(page => !RepositoryTree.HasFile(page)));
    }

    [Fact]
    public void How_to_pages_have_at_most_eight_steps()
    {
        IEnumerable<string> found =
            from page in Pages
            where page.StartsWith("docs/how-to/", StringComparison.Ordinal)
            let steps = RepositoryTree.Read(page).Split('\n').Count(line => Step().IsMatch(line))
            where steps is 0 or > 8
            select $"{page} has {steps} steps";
        Rule.Holds("What takes more than eight steps needs a better design.", found);
    }

    private static string WithoutCode(string text) => Code().Replace(text, "");

    private static bool Resolves(string page, string target)
    {
        string[] parts = target.Split('#');
        string path = page;
        if (parts[0].Length > 0)
        {
            string folder = Path.GetDirectoryName(RepositoryTree.FullPath(page))!;
            path = Path.GetRelativePath(RepositoryTree.Root, Path.Combine(folder, parts[0]))
                .Replace('\\', '/').TrimEnd('/');
        }

        return RepositoryTree.HasFile(path)
            ? parts.Length == 1 || HeadingsOf(path).Contains(parts[1])
            : RepositoryTree.HasFolder(path);
    }

    private static IEnumerable<string> HeadingsOf(string page) =>
        RepositoryTree.Read(page).Split('\n')
            .Where(line => line.StartsWith('#'))
            .Select(line => line.TrimStart('#').Trim().ToLowerInvariant())
            .Select(title => NotInAnchor().Replace(title, "").Replace(' ', '-'));

    private static IEnumerable<string> CommandsOf(string text) =>
        Command().Matches(text).Select(match => match.Groups[1].Value.Trim());

    private static IEnumerable<string> ProblemsOf(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int project = Array.IndexOf(words, "--project");
        if (project >= 0 && !IsProject(words[project + 1]))
        {
            yield return $"{words[project + 1]} holds no project";
        }

        if (words[0] == "dotnet" && words[1] is "test" or "build"
            && words.Length > 2 && words[2][0] != '-' && !IsProject(words[2]))
        {
            yield return $"{words[2]} holds no project";
        }

        if (words[0].EndsWith(".sh", StringComparison.Ordinal) && !RepositoryTree.HasFile(words[0]))
        {
            yield return "no such script";
        }

        int verb = Array.IndexOf(words, "--") + 1;
        if (project >= 0 && verb > 0 && words[project + 1] == "bench"
            && !RepositoryTree.Read("bench/Program.cs")
                .Contains($"\"{words[verb]}\"", StringComparison.Ordinal))
        {
            yield return $"bench knows no {words[verb]}";
        }
    }

    private static bool IsProject(string folder) => RepositoryTree.Files.Any(file =>
        file.StartsWith(folder + "/", StringComparison.Ordinal)
        && file.EndsWith(".csproj", StringComparison.Ordinal)
        && file.LastIndexOf('/') == folder.Length);

    /// <summary>
    /// How-to pages name files that the reader is going to write: Foo and what holds it.
    /// </summary>
    private static bool IsExample(string page, string name) =>
        page.StartsWith("docs/how-to/", StringComparison.Ordinal)
        && (name.Contains("Foo", StringComparison.Ordinal)
            || name.Contains("foo", StringComparison.Ordinal));

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(
        @"(?:^|`)((?:dotnet (?:run|test|build) |[\w./-]+\.sh\b)[^`\n]*)",
        RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"`([A-Za-z][\w./-]*\.(?:cs|g4|md|csproj|props|sh|slt))`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^\d+\. ")]
    private static partial Regex Step();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
