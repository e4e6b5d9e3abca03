using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace NeuroDb.Neural;

/// <summary>
/// Finds the native library of ONNX Runtime when the first network needs it. It is no part of
/// NeuroStore; everything else works without it. What is loaded stays loaded: of one file there is
/// one <see cref="OnnxRuntimeApi"/> in the process.
/// </summary>
/// <param name="path">The library or its folder, as the program says; or null.</param>
internal sealed class OnnxRuntime(string? path)
{
    /// <summary>The variable of the environment that names the library or its folder.</summary>
    public const string Variable = "NEUROSTORE_ONNXRUNTIME";

    private static readonly ConcurrentDictionary<nint, OnnxRuntimeApi> Known = [];
    private readonly Lock _gate = new();
    private OnnxRuntimeApi? _api;

    /// <summary>The one that environment and system name.</summary>
    public static OnnxRuntime Default { get; } = new(null);

    /// <summary>The library.</summary>
    /// <exception cref="NeuroStoreException">It is nowhere, or too old.</exception>
    public OnnxRuntimeApi Load()
    {
        lock (_gate)
        {
            return _api ??= Find() ?? throw NeuralErrors.UnsupportedOnnx(
                $"It would run by ONNX Runtime, whose library {Names[0]} is not found"
                + $"{Asked()}. Install it (the package Microsoft.ML.OnnxRuntime puts it beside "
                + "your program; npm has it as onnxruntime-node), or say where it is by "
                + $"NeuroStoreOptions.OnnxRuntimePath or the variable {Variable}.");
        }
    }

    /// <summary>Whether the library is there.</summary>
    public bool IsThere()
    {
        lock (_gate)
        {
            return (_api ??= Find()) is not null;
        }
    }

    private static string[] Names { get; } =
        OperatingSystem.IsWindows() ? ["onnxruntime.dll"]
        : OperatingSystem.IsMacOS() ? ["libonnxruntime.dylib"]
        : ["libonnxruntime.so.1", "libonnxruntime.so"];

    private string Asked() => Places().FirstOrDefault() is { } asked ? $" in {asked}" : "";

    // What somebody names is all that is tried: another library than the named one is no help.
    private List<string> Places()
    {
        string? named = path ?? Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrWhiteSpace(named) ? [] : [named];
    }

    private OnnxRuntimeApi? Find()
    {
        foreach (string place in Places())
        {
            string[] files = [place, .. Names.Select(name => Path.Combine(place, name))];
            return files.Select(TryLoad).FirstOrDefault(static api => api is not null);
        }

        string own = AppContext.BaseDirectory;
        string native = Path.Combine(
            own, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        return Names.SelectMany(
            name => (string[])[Path.Combine(own, name), Path.Combine(native, name), name])
            .Select(TryLoad)
            .FirstOrDefault(static api => api is not null);
    }

    private static OnnxRuntimeApi? TryLoad(string file)
    {
        bool isLoaded = Path.IsPathRooted(file)
            ? NativeLibrary.TryLoad(file, out nint handle)
            : NativeLibrary.TryLoad(
                file,
                typeof(OnnxRuntime).Assembly,
                DllImportSearchPath.SafeDirectories,
                out handle);
        return isLoaded && NativeLibrary.TryGetExport(handle, "OrtGetApiBase", out nint entry)
            ? Known.GetOrAdd(handle, static (_, entry) => new OnnxRuntimeApi(entry), entry)
            : null;
    }
}
