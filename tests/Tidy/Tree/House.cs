namespace NeuroDb.Tests.Tidy;

/// <summary>
/// The house as ARCHITECTURE.md draws it: who may see whom, and who may use what.
/// </summary>
internal static class House
{
    /// <summary>The layers from the ground up.</summary>
    public static readonly Layer[] Layers =
    [
        new("core", "NeuroStore.Core", "NeuroDb", []),
        new("gpu", "NeuroStore.Gpu", "NeuroDb.Gpu", ["core"]),
        new("storage", "NeuroStore.Storage", "NeuroDb.Storage", ["core", "gpu"]),
        new("neural", "NeuroStore.Neural", "NeuroDb.Neural", ["core", "gpu"]),
        new("query", "NeuroStore.Query", "NeuroDb.Query", ["core", "gpu", "storage", "neural"]),
        new("engine", "NeuroStore", "NeuroDb", ["core", "gpu", "storage", "neural", "query"]),
    ];

    /// <summary>The programs around the layers, by folder.</summary>
    public static readonly string[] Programs = ["cli", "extensions", "samples", "bench", "tests"];

    /// <summary>
    /// Packages that a project may ask for; a project that is not here may ask for none.
    /// </summary>
    public static readonly Dictionary<string, string[]> Packages = new(StringComparer.Ordinal)
    {
        ["gpu"] = ["ILGPU", "ILGPU.Algorithms"],
        ["storage"] = ["Microsoft.FASTER.Core", "System.Interactive.Async", "System.Linq.Async"],
        ["query"] = ["Antlr4.Runtime.Standard"],
        ["extensions"] =
        [
            "Microsoft.Extensions.AI.Abstractions",
            "Microsoft.Extensions.DependencyInjection.Abstractions",
        ],
        ["cli"] = ["Spectre.Console", "System.CommandLine"],
        ["bench"] = ["BenchmarkDotNet", "System.Numerics.Tensors"],
    };

    /// <summary>
    /// Packages that the engine names only while it is packed: those of its layers.
    /// </summary>
    public static readonly string[] PackagesWhilePacking =
        [
            "Antlr4.Runtime.Standard", "ILGPU", "ILGPU.Algorithms",
            "Microsoft.Extensions.Logging.Abstractions",
        ];

    /// <summary>Assemblies of foreign packages that a compiled layer may name.</summary>
    public static readonly Dictionary<string, string[]> ForeignAssemblies =
        new(StringComparer.Ordinal)
        {
            ["gpu"] = ["ILGPU", "ILGPU.Algorithms"],
            ["storage"] = ["FASTER.core", "Microsoft.Extensions.Logging.Abstractions"],
            ["query"] = ["Antlr4.Runtime.Standard"],
        };

    /// <summary>The layer of a folder.</summary>
    public static Layer Of(string folder) => Layers.Single(layer => layer.Folder == folder);
}
