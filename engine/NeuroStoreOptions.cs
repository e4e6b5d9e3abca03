using System.Collections.ObjectModel;
using NeuroDb.Query;
using NeuroDb.Storage;

namespace NeuroDb;

/// <summary>How a database is opened. The defaults are safe and suit most programs.</summary>
public sealed record NeuroStoreOptions
{
    private readonly int _threadCount;
    private readonly long? _memoryBudgetBytes;
    private readonly TimeSpan _scrubInterval = TimeSpan.FromDays(1);
    private readonly long _scrubBytesPerSecond = 50_000_000;
    private readonly long _checkpointBytesPerSecond;
    private readonly int _refreshSharePercent = WorkPace.SharePercentUsual;

    private readonly string? _onnxRuntimePath;

    // One text, so that equal options are equal.
    private readonly string? _fileRoots;

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

    /// <summary>
    /// The key of an encrypted database; null, the default, for one that is not. A new directory
    /// becomes encrypted where a key is given. The key may be disposed once the database is open.
    /// A database in memory needs none.
    /// </summary>
    public EncryptionKey? EncryptionKey { get; init; }

    /// <summary>
    /// The bytes of memory that the rows not yet in files and what is kept of files may take,
    /// roughly; half of what the process may use by default, at least 16 MiB. Tables may be far
    /// larger. A transaction's own rows and what a statement computes come on top.
    /// </summary>
    public long MemoryBudgetBytes
    {
        get => _memoryBudgetBytes ?? Storage.MemoryBudgetBytes;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(
                value, StorageOptions.MemoryBudgetBytesMin);
            _memoryBudgetBytes = value;
        }
    }

    /// <summary>
    /// Whether to open what the last checkpoint holds for reading only, also while another process
    /// writes to the database. No lock is taken and nothing changed; what is committed later is
    /// seen by whoever opens after the next checkpoint. Statements that write fail with
    /// <see cref="ErrorCode.ReadOnly"/>.
    /// </summary>
    public bool IsReadOnly { get; init; }

    /// <summary>
    /// The folders that statements may read and write files in: COPY, IMPORT, EXPORT, BACKUP and
    /// VACUUM INTO. A path that leads elsewhere, also by <c>..</c> or a symbolic link, fails with
    /// <see cref="ErrorCode.FileOutsideRoots"/>. Null, the default, for all that the process may;
    /// empty for none. Methods of this library that take paths are not bound by it.
    /// </summary>
    public IReadOnlyList<string>? FileRoots
    {
        get => _fileRoots is null
            ? null : _fileRoots.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        init => _fileRoots = value is null
            ? null : string.Join('\0', value.Select(Path.GetFullPath));
    }

    /// <summary>
    /// How much of the past is kept, so that <see cref="NeuroStore.Restore(string, string,
    /// DateTimeOffset, RestoreOptions?, CancellationToken)"/> can make the database as it was after
    /// any commit of that time. Null, the default, keeps what the database was opened with before;
    /// a new one keeps nothing. <see cref="LogRetention.None"/> gives up what is kept.
    /// </summary>
    public LogRetention? RetainLog { get; init; }

    /// <summary>
    /// The time from one scrub to the next: in the background the database reads every byte of its
    /// files and compares the checksums; what it finds is in <see cref="NeuroStore.Alerts"/>. One
    /// day by default; <see cref="Timeout.InfiniteTimeSpan"/> for none.
    /// </summary>
    public TimeSpan ScrubInterval
    {
        get => _scrubInterval;
        init
        {
            if (value != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(40));
            }

            _scrubInterval = value;
        }
    }

    /// <summary>How fast a scrub reads; 50 MB a second by default.</summary>
    public long ScrubBytesPerSecond
    {
        get => _scrubBytesPerSecond;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 65_536);
            _scrubBytesPerSecond = value;
        }
    }

    /// <summary>
    /// How fast checkpoints and compaction in the background write while transactions commit; 0,
    /// the default, for as fast as they can. It does not hold while nobody commits, or while
    /// somebody waits for a checkpoint.
    /// </summary>
    public long CheckpointBytesPerSecond
    {
        get => _checkpointBytesPerSecond;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _checkpointBytesPerSecond = value;
        }
    }

    /// <summary>
    /// The part of one processor, from 1 to 100 percent, that work in the background has while
    /// users run statements: the values of generated columns that come later or are made anew by
    /// another version of their model. 10 by default; 100 makes no way for users. What <c>SET
    /// refresh_share</c> says holds until <c>RESET refresh_share</c> or the database is closed.
    /// </summary>
    public int RefreshSharePercent
    {
        get => _refreshSharePercent;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, WorkPace.SharePercentMax);
            _refreshSharePercent = value;
        }
    }

    /// <summary>
    /// Encoders of the program, which statements and generated columns ask by their names in
    /// quotes: <c>embed('name', text)</c>. None by default.
    /// </summary>
    public IReadOnlyDictionary<string, TextVectorizer> Encoders { get; init; } =
        ReadOnlyDictionary<string, TextVectorizer>.Empty;

    /// <summary>
    /// Models of the program, which statements know by <c>CREATE EXTERNAL MODEL m TYPE regressor
    /// INPUT (..) OUTPUT (..) LOCATION 'delegate:name'</c>. None by default.
    /// </summary>
    public IReadOnlyDictionary<string, RowModel> Models { get; init; } =
        ReadOnlyDictionary<string, RowModel>.Empty;

    /// <summary>
    /// The native library of ONNX Runtime, or the folder where it lies; only networks of operators
    /// that NeuroStore has not itself need it. Null, the default, for the one that the variable
    /// <c>NEUROSTORE_ONNXRUNTIME</c> names, that lies beside the program, or that the system has.
    /// </summary>
    public string? OnnxRuntimePath
    {
        get => _onnxRuntimePath;
        init => _onnxRuntimePath = value is null ? null : Path.GetFullPath(value);
    }

    /// <summary>The files, clock, randomness and threads; tests put simulated ones here.</summary>
    internal SystemSeams? Seams { get; init; }

    /// <summary>The sizes of the storage; tests make them small.</summary>
    internal StorageOptions Storage { get; init; } = new();
}
