using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Exported models, compiled together by the compiler of the installed SDK against nothing but the
/// runtime.
/// </summary>
internal sealed class CompiledModel
{
    private readonly Assembly _assembly;

    private CompiledModel(Assembly assembly) => _assembly = assembly;

    /// <summary>Compiles files.</summary>
    public static CompiledModel Compile(params string[] sources)
    {
        string directory = Directory.CreateTempSubdirectory("exported").FullName;
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        string root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        string compiler = Directory.GetDirectories(Path.Combine(root, "sdk"))
            .Order(StringComparer.Ordinal)
            .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll"))
            .Last(File.Exists);
        string output = Path.Combine(directory, "exported.dll");
        var start = new ProcessStartInfo(
            Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"))
        {
            RedirectStandardOutput = true,
        };
        string[] arguments =
        [
            compiler, "-nologo", "-noconfig", "-nostdlib", "-target:library", "-warnaserror",
            "-langversion:12", $"-out:{output}",
            .. new[] { "System.Private.CoreLib", "System.Runtime", "System.Collections",
                "System.Memory", "System.Runtime.InteropServices", "System.Linq" }
                .Select(name => $"-r:{Path.Combine(runtime, name + ".dll")}"),
            .. sources.Select((source, i) =>
            {
                string path = Path.Combine(directory, $"model{i}.cs");
                File.WriteAllText(path, source);
                return path;
            }),
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string messages = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, messages);
        byte[] bytes = File.ReadAllBytes(output);
        Directory.Delete(directory, recursive: true);
        using var stream = new MemoryStream(bytes);
        return new CompiledModel(
            new AssemblyLoadContext("exported", isCollectible: true).LoadFromStream(stream));
    }

    /// <summary>Calls a method of a model.</summary>
    public object? Call(string model, string method, params object?[] arguments) =>
        _assembly.GetType(model)!.GetMethod(method)!.Invoke(null, arguments);
}
