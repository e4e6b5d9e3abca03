using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NeuroDb.Tests.Tidy;

/// <summary>
/// Files, clock, randomness and threads come through core/Seams, so that a test can stand in for
/// the
/// machine. The compiler enforces it by BannedSymbols.txt; these tests hold the list and its holes.
/// </summary>
public sealed class SeamTests
{
    private static readonly string[] Banned =
    [
        "System.IO.File.", "System.IO.Directory.", "System.IO.FileStream.", "System.IO.FileInfo.",
        "System.IO.DirectoryInfo.", "System.IO.RandomAccess.", "System.DateTime.get_Now",
        "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.Random.",
        "System.Threading.Thread.Sleep", "System.Threading.Thread..ctor",
        "System.Threading.Tasks.Task.Run", "System.Threading.Tasks.Task.Delay",
        "System.Threading.Tasks.Parallel.", "System.Threading.ThreadPool.Queue", "System.Console.",
        "System.Runtime.InteropServices.NativeLibrary.", "System.Environment.Exit",
    ];

    private static readonly string[] BannedInCore =
    [
        "File", "Directory", "FileStream", "FileInfo", "DirectoryInfo", "RandomAccess", "Parallel",
        "ThreadPool", "Console", "Thread", "LibraryImport", "DllImport", "NativeLibrary",
    ];

    /// <summary>
    /// What the generated parser gives to the base class whose errors it never prints.
    /// </summary>
    private static readonly string[] OfTheGeneratedParser =
        ["System.Console.get_Out", "System.Console.get_Error"];

    [Fact]
    public void Compiled_layers_above_core_touch_the_machine_only_through_seams()
    {
        IEnumerable<string> found =
            from layer in House.Layers.Where(layer => layer.Folder != "core")
            from member in new AssemblyReader(layer.AssemblyPath).UsedMembers
            where Banned.Any(banned => member.StartsWith(banned, StringComparison.Ordinal))
                && !IsAllowed(layer, member)
            select $"{layer.Assembly}.dll uses {member}";
        Rule.Holds(
            "Use IFileSystem, IWorkers, IRandomSource and TimeProvider of core/Seams.", found);
    }

    [Fact]
    public void Layers_never_write_to_the_console()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            where file.IsUnder([.. House.Layers.Select(layer => layer.Folder)])
            from name in file.Nodes<IdentifierNameSyntax>()
            where name.Identifier.Text == "Console"
            select file.At(name);
        Rule.Holds("A library prints nothing.", found);
    }

    [Fact]
    public void Core_touches_the_machine_only_in_its_seams()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources.Where(file => file.IsUnder("core"))
            where !file.IsUnder("core/Seams")
            from name in file.Nodes<IdentifierNameSyntax>()
            where BannedInCore.Contains(name.Identifier.Text)
                && (name.Parent is MemberAccessExpressionSyntax access && access.Expression == name
                    || name.Parent is AttributeSyntax or ObjectCreationExpressionSyntax)
            select $"{file.At(name)} {name.Identifier.Text}";
        Rule.Holds("Only core/Seams touches files, threads and native code.", found);
    }

    [Fact]
    public void Core_takes_time_and_chance_only_in_its_seams()
    {
        string[] banned =
        [
            "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow",
            "Guid.NewGuid", "Random.Shared", "Task.Run", "Task.Delay", "Environment.TickCount64",
        ];
        IEnumerable<string> found =
            from file in RepositoryTree.Sources.Where(file => file.IsUnder("core"))
            where !file.IsUnder("core/Seams")
            from access in file.Nodes<MemberAccessExpressionSyntax>()
            where banned.Contains(access.ToString())
            select $"{file.At(access)} {access}";
        Rule.Holds("Only core/Seams asks the clock, the dice and the thread pool.", found);
    }

    [Fact]
    public void Native_code_is_bound_only_in_seams_optional_libraries_and_measurements()
    {
        IEnumerable<string> found =
            from file in RepositoryTree.Sources
            where !file.IsUnder(
                "core/Seams",
                "neural/Onnx",
                "neural/Images/Jpeg",
                "neural/Audio/SoundFile",
                "bench",
                "tests/Sql/Differential")
            from name in file.Nodes<IdentifierNameSyntax>()
            where name.Identifier.Text is "DllImport" or "LibraryImport" or "NativeLibrary"
            select $"{file.At(name)} {name.Identifier.Text}";
        Rule.Holds("The core package brings and binds no native code.", found);
    }

    [Fact]
    public void The_compiler_bans_what_the_seams_replace()
    {
        string banned = RepositoryTree.Read("BannedSymbols.txt");
        string[] needed =
        [
            "System.DateTime.Now", "System.DateTime.UtcNow", "System.Random", "System.Guid.NewGuid",
            "System.Threading.Thread.Sleep", "System.IO.File;", "System.IO.Directory;",
            "System.IO.FileStream;", "System.IO.RandomAccess;", "System.Threading.Tasks.Task.Run",
            "System.Threading.Tasks.Parallel;",
        ];
        Rule.Holds(
            "BannedSymbols.txt names every way past the seams.",
            needed.Where(symbol => !banned.Contains(symbol, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_ban_is_lifted_only_for_the_seams_and_the_programs()
    {
        string section = "";
        var lifted = new List<string>();
        foreach (string line in RepositoryTree.Read(".editorconfig").Split('\n'))
        {
            section = line.StartsWith('[') ? line.Trim() : section;
            if (line.StartsWith("dotnet_diagnostic.RS0030", StringComparison.Ordinal))
            {
                lifted.Add(section);
            }
        }

        Assert.Equal(["[core/Seams/**.cs]", "[{tests,bench,samples,cli}/**.cs]"], lifted.Order());
    }

    private static bool IsAllowed(Layer layer, string member) => layer.Folder switch
    {
        "neural" => member.Contains("NativeLibrary", StringComparison.Ordinal),
        "query" => OfTheGeneratedParser.Contains(member),
        _ => false,
    };
}
