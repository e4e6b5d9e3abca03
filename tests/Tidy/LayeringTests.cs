using System.Xml.Linq;

namespace NeuroDb.Tests.Tidy;

/// <summary>
/// Imports follow the arrows of ARCHITECTURE.md, in the projects and in what they build.
/// </summary>
public sealed class LayeringTests
{
    private static readonly string[] Projects =
        [.. RepositoryTree.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal))];

    [Fact]
    public void Every_layer_references_exactly_the_layers_below_it()
    {
        foreach (Layer layer in House.Layers)
        {
            string[] expected = [.. layer.Sees.Select(folder => House.Of(folder).Project).Order()];
            Assert.Equal(expected, ReferencesOf(layer.Project).Order());
        }
    }

    [Fact]
    public void Programs_reference_the_engine_only_and_kernel_tests_only_the_kernels()
    {
        string[] layers = [.. House.Layers.Select(layer => layer.Project)];
        var found = new List<string>();
        foreach (string project in Projects.Except(layers))
        {
            string allowed = House.Of(
                project.StartsWith("tests/Kernels/", StringComparison.Ordinal) ? "gpu" : "engine")
                .Project;
            found.AddRange(ReferencesOf(project)
                .Where(reference => reference != allowed && layers.Contains(reference))
                .Select(reference => $"{project} references {reference}, not {allowed}"));
            if (!House.Programs.Contains(project.Split('/')[0]))
            {
                found.Add($"{project} stands in a folder that the house does not know");
            }
        }

        Rule.Holds("A program sees the house through the engine.", found);
    }

    [Fact]
    public void Compiled_layers_reference_only_what_the_arrows_allow()
    {
        var found = new List<string>();
        foreach (Layer layer in House.Layers)
        {
            string[] ours = [.. layer.Sees.Select(folder => House.Of(folder).Assembly)];
            string[] foreign = House.ForeignAssemblies.GetValueOrDefault(layer.Folder, []);
            found.AddRange(new AssemblyReader(layer.AssemblyPath).References
                .Where(name => !IsPlatform(name) && !ours.Contains(name) && !foreign.Contains(name))
                .Select(name => $"{layer.Assembly}.dll references {name}"));
        }

        Rule.Holds("An assembly references only the layers below it and its own library.", found);
    }

    [Fact]
    public void Storage_and_neural_never_see_each_other()
    {
        string storage = House.Of("storage").AssemblyPath;
        string neural = House.Of("neural").AssemblyPath;
        Assert.DoesNotContain("NeuroStore.Neural", new AssemblyReader(storage).References);
        Assert.DoesNotContain("NeuroStore.Storage", new AssemblyReader(neural).References);
    }

    [Fact]
    public void Internals_are_shown_only_upwards_to_tests_and_to_measurements()
    {
        var found = new List<string>();
        foreach (Layer layer in House.Layers)
        {
            string[] above = [.. House.Layers
                .Where(other => other.Sees.Contains(layer.Folder))
                .Select(other => other.Assembly)];
            found.AddRange(ItemsOf(layer.Project, "InternalsVisibleTo")
                .Where(friend => !above.Contains(friend)
                    && !friend.StartsWith("NeuroStore.Tests.", StringComparison.Ordinal)
                    && friend != "NeuroStore.Bench"
                    && !(friend == "ILGPURuntime" && layer.Folder == "gpu"))
                .Select(friend => $"{layer.Project} shows its internals to {friend}"));
        }

        Rule.Holds("The shell and the samples use what every user can use.", found);
    }

    [Fact]
    public void Projects_ask_only_for_the_packages_of_their_folder()
    {
        var found = new List<string>();
        foreach (string project in Projects)
        {
            string folder = project.Split('/')[0];
            string[] allowed = folder == "tests"
                ? TestPackages(project)
                : House.Packages.GetValueOrDefault(folder, []);
            IEnumerable<string> asked = ItemsOf(project, "PackageReference");
            if (folder == "engine")
            {
                asked = asked.Except(House.PackagesWhilePacking);
            }

            found.AddRange(
                asked.Except(allowed).Select(package => $"{project} asks for {package}"));
        }

        Rule.Holds("Each foreign library has one project that may use it.", found);
    }

    private static string[] TestPackages(string project)
    {
        string[] common = ["Microsoft.NET.Test.Sdk", "xunit", "xunit.runner.visualstudio"];
        return project.StartsWith("tests/Tidy/", StringComparison.Ordinal)
            ? [.. common, "Microsoft.CodeAnalysis.CSharp", "Microsoft.CodeAnalysis.Analyzers"]
            : [
                .. common, "Dapper", "FsCheck", "FSharp.Core", "ILGPU", "ILGPU.Algorithms",
                "Microsoft.Extensions.DependencyInjection",
            ];
    }

    private static IEnumerable<string> ReferencesOf(string project)
    {
        string folder = Path.GetDirectoryName(RepositoryTree.FullPath(project))!;
        return ItemsOf(project, "ProjectReference")
            .Select(path => Path.GetFullPath(Path.Combine(folder, path)))
            .Select(path => Path.GetRelativePath(RepositoryTree.Root, path).Replace('\\', '/'));
    }

    private static IEnumerable<string> ItemsOf(string project, string kind) =>
        XDocument.Parse(RepositoryTree.Read(project))
            .Descendants(kind)
            .Select(item => item.Attribute("Include")?.Value)
            .OfType<string>();

    private static bool IsPlatform(string assembly) =>
        assembly is "netstandard" or "mscorlib" or "System.Private.CoreLib"
        || (assembly.StartsWith("System.", StringComparison.Ordinal)
            && !assembly.StartsWith("System.CommandLine", StringComparison.Ordinal)
            && !assembly.StartsWith("System.Interactive", StringComparison.Ordinal)
            && !assembly.StartsWith("System.Linq.Async", StringComparison.Ordinal));
}
