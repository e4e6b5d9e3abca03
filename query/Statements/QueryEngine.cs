using NeuroDb.Gpu;
using NeuroDb.Neural;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// An open database as the query layer sees it: the storage, the devices and the statement cache,
/// shared by all sessions.
/// </summary>
internal sealed class QueryEngine : IDisposable
{
    private const int ArraysShare = 16;

    private QueryEngine(
        SystemSeams seams, StorageEngine storage, string? path, QueryEngineOptions options)
    {
        Seams = seams;
        Storage = storage;
        Options = options;
        Pace = new WorkPace { SharePercent = options.RefreshSharePercent };
        Arrays = new LargeArrays(options.Storage.MemoryBudgetBytes / ArraysShare, seams.Clock);
        Accelerators = new AcceleratorPool(seams.Workers);
        Sequences = new SequenceStore(storage);
        var runtime = new OnnxRuntime(options.OnnxRuntimePath);
        var externals = new ExternalModels(
            new CopyFiles(seams.Files, options.FileRoots), options.Models, runtime);
        Models = new ModelStore(storage, runtime, externals)
        {
            Place = path is null ? null : (seams.Files, Path.GetFullPath(path)),
            IsEncrypted = options.Storage.Key is not null,
        };
        Answers = new AnswerWork(this);
        StoredStatistics.Attach(storage);
    }

    /// <summary>The machine.</summary>
    public SystemSeams Seams { get; }

    /// <summary>The storage.</summary>
    public StorageEngine Storage { get; }

    /// <summary>What new sessions start from.</summary>
    public QueryEngineOptions Options { get; }

    /// <summary>
    /// Where operators put rows beyond their memory; null for a database in memory, and for one
    /// that is only read.
    /// </summary>
    public SpillSpace? Spill { get; private init; }

    /// <summary>
    /// Large arrays that operators use again: at most a sixteenth of the memory budget beside it.
    /// </summary>
    public LargeArrays Arrays { get; }

    /// <summary>The devices.</summary>
    public AcceleratorPool Accelerators { get; }

    /// <summary>The sequences.</summary>
    public SequenceStore Sequences { get; }

    /// <summary>The models.</summary>
    public ModelStore Models { get; }

    /// <summary>What makes values of generated columns in the background.</summary>
    public AnswerWork Answers { get; }

    /// <summary>How fast work in the background goes beside statements.</summary>
    public WorkPace Pace { get; }

    /// <summary>The statements prepared lately.</summary>
    public StatementCache Statements { get; } = new();

    /// <summary>Opens a directory, or a database in memory if the path is null.</summary>
    public static QueryEngine Open(SystemSeams seams, string? path, QueryEngineOptions options)
    {
        StorageEngine storage = path is null
            ? StorageEngine.OpenInMemory(seams, options.Storage)
            : options.IsReadOnly
            ? StorageEngine.OpenReadOnly(seams, path, options.Storage)
            : StorageEngine.Open(seams, path, options.Storage);
        var engine = new QueryEngine(seams, storage, path, options)
        {
            Spill = path is null || options.IsReadOnly
                ? null
                : SpillSpace.Open(seams, path, options.Storage.Key is not null),
        };
        if (!options.IsReadOnly)
        {
            engine.Answers.Resume();
        }

        return engine;
    }

    /// <summary>Starts a session.</summary>
    public QuerySession OpenSession() => new(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        Answers.Dispose();
        Arrays.Dispose();
        Accelerators.Dispose();
        try
        {
            Sequences.GiveBack();
            if (Spill is not null)
            {
                StoredStatistics.WriteFeedback(Storage);
            }
        }
        catch (NeuroStoreException)
        {
            // A database that has stopped keeps its reservations: their numbers are skipped. What
            // measured runs gave is measured again.
        }
        finally
        {
            Storage.Dispose();
        }
    }
}
