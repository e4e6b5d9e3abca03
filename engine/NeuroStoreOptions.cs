using NeuroDb.Storage;

namespace NeuroDb;

/// <summary>How a database is opened. The defaults are safe and suit most programs.</summary>
public sealed record NeuroStoreOptions
{
    private readonly int _threadCount;

    /// <summary>
    /// What a returned commit promises; <see cref="Durability.Full"/> by default.
    /// </summary>
    public Durability Durability { get; init; } = Durability.Full;

    /// <summary>
    /// Where similarity scans and networks compute; <see cref="AcceleratorChoice.Auto"/> by
    /// default.
    /// </summary>
    public AcceleratorChoice Accelerator { get; init; } = AcceleratorChoice.Auto;

    /// <summary>
    /// The threads that one statement may use; 0, the default, stands for one each processor.
    /// </summary>
    public int ThreadCount
    {
        get => _threadCount;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _threadCount = value;
        }
    }

    /// <summary>The files, clock, randomness and threads; tests put simulated ones here.</summary>
    internal SystemSeams? Seams { get; init; }

    /// <summary>The sizes of the storage; tests make them small.</summary>
    internal StorageOptions Storage { get; init; } = new();
}
