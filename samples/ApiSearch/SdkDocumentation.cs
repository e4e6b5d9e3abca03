using System.Runtime.InteropServices;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>The documentation files of the .NET SDK on this machine.</summary>
internal sealed class SdkDocumentation
{
    private static readonly Comparer<DirectoryInfo> ByVersion = Comparer<DirectoryInfo>.Create(
        (left, right) => VersionOf(left).CompareTo(VersionOf(right)));

    private readonly List<string> _files;

    private SdkDocumentation(string source, List<string> files)
    {
        Source = source;
        _files = files;
    }

    /// <summary>Which documentation it is, as in Microsoft.NETCore.App.Ref 10.0.12.</summary>
    public string Source { get; }

    /// <summary>Finds the newest reference packs.</summary>
    /// <exception cref="DirectoryNotFoundException">There are none.</exception>
    public static SdkDocumentation Find(bool withAspNet)
    {
        string[] packs = withAspNet
            ? ["Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref"]
            : ["Microsoft.NETCore.App.Ref"];
        var sources = new List<string>();
        var files = new List<string>();
        foreach (string pack in packs)
        {
            (string version, string[] packFiles) = NewestFiles(pack);
            sources.Add($"{pack} {version}");
            files.AddRange(packFiles.Order(StringComparer.Ordinal));
        }

        return new SdkDocumentation(string.Join(", ", sources), files);
    }

    /// <summary>All documented members, each once, in the order of the files.</summary>
    public List<ApiMember> Read()
    {
        var members = new List<ApiMember>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (ApiMember member in _files.SelectMany(DocumentationFile.Read))
        {
            if (known.Add(member.Id))
            {
                members.Add(member);
            }
        }

        return members;
    }

    private static (string Version, string[] Files) NewestFiles(string pack)
    {
        string[] roots = [.. Roots().Distinct()];
        foreach (string root in roots)
        {
            var versions = new DirectoryInfo(Path.Combine(root, "packs", pack));
            if (!versions.Exists)
            {
                continue;
            }

            foreach (DirectoryInfo version in versions.GetDirectories().OrderDescending(ByVersion))
            {
                string[] files = FilesOf(version);
                if (files.Length > 0)
                {
                    return (version.Name, files);
                }
            }
        }

        throw new DirectoryNotFoundException(
            $"The XML documentation of {pack} was not found; looked below "
            + $"{string.Join(", ", roots.Select(root => Path.Combine(root, "packs")))}. "
            + "It comes with the .NET SDK (not with the runtime alone): install the .NET 10 SDK "
            + "from https://dot.net/download, or set DOTNET_ROOT to where it is.");
    }

    private static string[] FilesOf(DirectoryInfo version)
    {
        string references = Path.Combine(version.FullName, "ref");
        return !Directory.Exists(references)
            ? []
            : [.. Directory.GetDirectories(references, "net*")
                .Order(StringComparer.Ordinal)
                .TakeLast(1)
                .SelectMany(folder => Directory.GetFiles(folder, "*.xml"))];
    }

    // The runtime lies in ROOT/shared/Microsoft.NETCore.App/VERSION/.
    private static IEnumerable<string> Roots()
    {
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        yield return Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        string? root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        if (!string.IsNullOrEmpty(root))
        {
            yield return Path.GetFullPath(root);
        }

        string command = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string folders = Environment.GetEnvironmentVariable("PATH") ?? "";
        foreach (string folder in folders.Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var file = new FileInfo(Path.Combine(folder, command));
            if (file.Exists)
            {
                FileSystemInfo target = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
                yield return Path.GetDirectoryName(target.FullName)!;
            }
        }
    }

    // A preview, as in 10.0.0-preview.1, counts as older than every release.
    private static Version VersionOf(DirectoryInfo folder) =>
        Version.TryParse(folder.Name, out Version? version) ? version : new Version(0, 0);
}
