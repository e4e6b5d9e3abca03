using System.Diagnostics;
using System.IO.Compression;
using Xunit.Abstractions;

namespace NeuroDb.Tests.Tidy;

/// <summary>Packs the engine and uses the package as a stranger would.</summary>
[Trait("Category", "pack")]
public sealed class PackagingTests(ITestOutputHelper output) : IDisposable
{
    // Code compiled ahead takes minutes to make; README has the command that packs it, too.
    private static readonly bool IsCompiledAhead =
        Environment.GetEnvironmentVariable("NEUROSTORE_PACK_AHEAD") == "1";

    private readonly string _folder = Directory.CreateTempSubdirectory("neurostore-pack").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_package_holds_all_layers_and_a_program_without_usings_runs_on_it()
    {
        string feed = Path.Combine(_folder, "feed");
        Run(
            RepositoryRoot(),
            "pack", "engine", "-c", "Release", "-m:1", "-v", "q", "-o", feed,
            $"-p:ArtifactsPath={Path.Combine(_folder, "artifacts")}",
            $"-p:ReadyToRun={IsCompiledAhead}",
            "-p:RunAnalyzers=false");
        CheckContents(Assert.Single(Directory.GetFiles(feed, "NeuroStore.*.nupkg")));

        string app = Path.Combine(_folder, "app");
        WriteConsumer(app, feed);
        Assert.Equal("42", Run(app, "run", "-v", "q").Trim());
    }

    private static void CheckContents(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        string[] names = [.. archive.Entries.Select(entry => entry.FullName)];
        foreach (string layer in (string[])["", ".Core", ".Gpu", ".Storage", ".Neural", ".Query"])
        {
            Assert.Contains($"lib/net10.0/NeuroStore{layer}.dll", names);
        }

        Assert.Contains("lib/net10.0/NeuroStore.xml", names);
        Assert.Contains("lib/net10.0/NeuroStore.Core.xml", names);
        Assert.Contains("lib/net10.0/FASTER.core.dll", names);
        Assert.Contains("THIRD-PARTY-NOTICES.txt", names);
        Assert.Contains("buildTransitive/NeuroStore.props", names);

        // No native library: what is for one machine are the same managed files, compiled ahead.
        foreach (string name in names.Where(
            name => name.StartsWith("runtimes/", StringComparison.Ordinal)))
        {
            string[] parts = name.Split('/');
            Assert.Equal("lib/net10.0", string.Join('/', parts[2..^1]));
            Assert.Contains($"lib/net10.0/{parts[^1]}", names);
        }
    }

    private static void WriteConsumer(string folder, string feed)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "app.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestorePackagesPath>packages</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="NeuroStore" Version="*" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="local" value="{feed}" />
                <add key="nuget.org" value="https://api.nuget.org/v3/index.json" />
              </packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """
            using var db = NeuroStore.Open("shop.neuro");
            Console.WriteLine(db.QueryScalar<long>("SELECT 40 + 2"));
            """);
    }

    private string Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        output.WriteLine(text);
        output.WriteLine(errors.Result);
        Assert.True(
            process.ExitCode == 0,
            $"dotnet {string.Join(' ', arguments)}\n{text}{errors.Result}");
        return text;
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "NeuroStore.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("The repository is not above.");
    }
}
