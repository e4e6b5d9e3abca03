using System.Diagnostics;

namespace NeuroDb.Tests.Tidy;

/// <summary>
/// The files of this repository: what git tracks or would track, without build outputs.
/// </summary>
internal static class RepositoryTree
{
    private static readonly string[] SkippedFolders =
        [".git", "artifacts", "bin", "obj", "node_modules", "BenchmarkDotNet.Artifacts"];

    private static readonly Lazy<string[]> AllFiles = new(ListFiles);
    private static readonly Lazy<SourceFile[]> AllSources = new(ReadSources);

    /// <summary>The folder that holds NeuroStore.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root, with forward slashes, sorted.</summary>
    public static IReadOnlyList<string> Files => AllFiles.Value;

    /// <summary>The hand-written C# files.</summary>
    public static IReadOnlyList<SourceFile> Sources => AllSources.Value;

    /// <summary>Whether the tree has that file.</summary>
    public static bool HasFile(string path) =>
        Array.BinarySearch(AllFiles.Value, path, StringComparer.Ordinal) >= 0;

    /// <summary>Whether the tree has a file under that folder.</summary>
    public static bool HasFolder(string path) =>
        Files.Any(file => file.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));

    /// <summary>The text of a file of the tree.</summary>
    public static string Read(string path) => File.ReadAllText(FullPath(path));

    /// <summary>The path on disk of a file of the tree.</summary>
    public static string FullPath(string path) => Path.Combine(Root, path);

    /// <summary>Whether a file is made by a generator and checked by regenerating it.</summary>
    public static bool IsGenerated(string path) =>
        path.Contains("/Generated/", StringComparison.Ordinal);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder != null && !File.Exists(Path.Combine(folder.FullName, "NeuroStore.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException(
                $"No folder above {AppContext.BaseDirectory} holds NeuroStore.sln.");
    }

    private static SourceFile[] ReadSources() =>
        [.. Files
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) && !IsGenerated(path))
            .Select(path => new SourceFile(path, Read(path)))];

    private static string[] ListFiles()
    {
        IEnumerable<string> paths = ListByGit() ?? ListByWalking();
        string[] files = [.. paths.Where(path => File.Exists(FullPath(path))).Distinct()];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static string[]? ListByGit()
    {
        if (!Path.Exists(Path.Combine(Root, ".git")))
        {
            return null;
        }

        var start = new ProcessStartInfo("git")
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Root,
        };
        foreach (string argument in (string[])
            ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process git = Process.Start(start)!;
            string output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0
                ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
                : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static IEnumerable<string> ListByWalking()
    {
        var folders = new Stack<string>([Root]);
        while (folders.TryPop(out string? folder))
        {
            foreach (string inner in Directory.GetDirectories(folder))
            {
                if (!SkippedFolders.Contains(Path.GetFileName(inner)))
                {
                    folders.Push(inner);
                }
            }

            foreach (string file in Directory.GetFiles(folder))
            {
                yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
            }
        }
    }
}
