using System.Collections.ObjectModel;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>How a database is opened; sessions may change the first two for themselves.</summary>
internal sealed record QueryEngineOptions
{
    /// <summary>When COMMIT returns.</summary>
    public Durability Durability { get; init; }

    /// <summary>The device for similarity kernels.</summary>
    public AcceleratorChoice Accelerator { get; init; }

    /// <summary>The options of the storage below.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>The encoders that the program gave, by name.</summary>
    public IReadOnlyDictionary<string, TextVectorizer> Encoders { get; init; } =
        ReadOnlyDictionary<string, TextVectorizer>.Empty;

    /// <summary>
    /// The folders that statements may read and write files in; null for all.
    /// </summary>
    public IReadOnlyList<string>? FileRoots { get; init; }

    /// <summary>The models that the program gave, by name.</summary>
    public IReadOnlyDictionary<string, RowModel> Models { get; init; } =
        ReadOnlyDictionary<string, RowModel>.Empty;

    /// <summary>The library of ONNX Runtime or its folder; null to look for it.</summary>
    public string? OnnxRuntimePath { get; init; }

    /// <summary>
    /// The part of one processor, in percent, of work in the background beside statements.
    /// </summary>
    public int RefreshSharePercent { get; init; } = WorkPace.SharePercentUsual;

    /// <summary>Whether only the last checkpoint is read, without a lock.</summary>
    public bool IsReadOnly { get; init; }
}
