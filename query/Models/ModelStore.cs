using System.Collections.Concurrent;
using NeuroDb.Neural;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The models of an open database: versions in memory, kept while they are used, and the trainings
/// that run. Shared by all sessions.
/// </summary>
internal sealed class ModelStore(
    StorageEngine storage, OnnxRuntime runtime, ExternalModels externals)
{
    private const int LoadedMax = 32;
    private const long LoadedBytesMax = 1L << 30;
    private const int AttemptsMax = 8;

    private readonly object _gate = new();
    private readonly List<ModelVersion> _loaded = [];
    private readonly ConcurrentDictionary<ModelTraining, bool> _trainings = [];

    /// <summary>The library that runs networks of others, where it is there.</summary>
    public OnnxRuntime Runtime { get; } = runtime;

    /// <summary>The rows that contracts of precision left out.</summary>
    public AbstainedLog Abstained { get; } = new(storage);

    /// <summary>Where the files of the database lie; null for one in memory.</summary>
    public (IFileSystem Files, string Path)? Place { get; init; }

    /// <summary>Whether the database is encrypted, and with it every model.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>What finds models that stay outside.</summary>
    public ExternalModels Externals { get; } = externals;

    /// <summary>The trainings that run at the moment.</summary>
    public IEnumerable<ModelTraining> Trainings => _trainings.Keys;

    /// <summary>
    /// A version with its weights: from memory if it is there, otherwise read from the store.
    /// </summary>
    public ModelVersion Load(
        string name, ModelVersionInfo info, StorageTransaction transaction)
    {
        lock (_gate)
        {
            int at = _loaded.FindIndex(known => known.Info.Identity == info.Identity);
            if (at >= 0)
            {
                ModelVersion found = _loaded[at];
                _loaded.RemoveAt(at);
                _loaded.Add(found);
                return found.Name == name && ReferenceEquals(found.Info, info)
                    ? found
                    : Replace(found, new ModelVersion(name, info, found.Package));
            }
        }

        var loaded = new ModelVersion(
            name, info, Attach(ModelReader.Read(info.Identity, transaction)));
        Keep(loaded);
        return loaded;
    }

    /// <summary>The same model, run by what this database was told of.</summary>
    public ModelPackage Attach(ModelPackage package) => package.Model switch
    {
        OnnxRuntimeModel foreign => package with { Model = foreign.With(Runtime) },
        ExternalModel outside => package with { Model = outside.With(Externals.Open) },
        _ => package,
    };

    /// <summary>
    /// Gives up the memory of a version that is dropped; if that is not committed, it is read
    /// again.
    /// </summary>
    public void Forget(string identity)
    {
        lock (_gate)
        {
            _loaded.RemoveAll(known => known.Info.Identity == identity);
        }
    }

    /// <summary>Keeps a version that was just made.</summary>
    public void Keep(ModelVersion version)
    {
        lock (_gate)
        {
            _loaded.RemoveAll(known => known.Info.Identity == version.Info.Identity);
            _loaded.Add(version);
            while (_loaded.Count > 1
                && (_loaded.Count > LoadedMax
                    || _loaded.Sum(static it => 4 * it.Model.ParameterCount) > LoadedBytesMax))
            {
                _loaded.RemoveAt(0);
            }
        }
    }

    /// <summary>
    /// Counts one more use of the test rows of a version, and gives how many that makes: at once
    /// and for good, whatever becomes of the statement that looked at them. A version that is not
    /// committed yet is counted in its own transaction.
    /// </summary>
    public long CountTestUse(string identity, StorageTransaction transaction)
    {
        for (int attempt = 1; ; attempt++)
        {
            using StorageTransaction own = storage.Begin();
            if (storage.IsReadOnly || ModelTables.Find(
                ModelTables.Versions, own, out _, Value.Of(identity)) is null)
            {
                return ModelWriter.CountTestUse(identity, transaction);
            }

            long uses = ModelWriter.CountTestUse(identity, own);
            try
            {
                own.Commit(Durability.None);
                return uses;
            }
            catch (ConflictException) when (attempt < AttemptsMax)
            {
                // Another session counted at the same time.
            }
        }
    }

    /// <summary>
    /// Keeps how far columns moved, at once and for good, as uses of test rows are counted; a
    /// database that is only read keeps nothing.
    /// </summary>
    public void Record(
        string identity, IReadOnlyList<Value[]> found, long rowCount, ExecutionContext context)
    {
        for (int attempt = 1; !storage.IsReadOnly; attempt++)
        {
            using StorageTransaction own = storage.Begin();
            if (ModelTables.Find(ModelTables.Versions, own, out _, Value.Of(identity)) is null)
            {
                // The version is of this transaction, and not committed yet.
                ModelWriter.AddDrift(identity, found, rowCount, context.Transaction, context);
                return;
            }

            ModelWriter.AddDrift(identity, found, rowCount, own, context);
            try
            {
                own.Commit(Durability.None);
                return;
            }
            catch (ConflictException) when (attempt < AttemptsMax)
            {
                // Another session measured at the same time.
            }
        }
    }

    /// <summary>
    /// Makes the tables of models where they are missing, in a transaction of its own: two first
    /// trainings at once would otherwise both make them, and one would be refused at its end.
    /// </summary>
    public void EnsureTables()
    {
        for (int attempt = 1; !storage.IsReadOnly; attempt++)
        {
            using StorageTransaction own = storage.Begin();
            if (ModelTables.All.All(it => own.Catalog.TryGetTable(it.Name, out _)))
            {
                return;
            }

            foreach (TableSchema schema in ModelTables.All)
            {
                ModelTables.Ensure(schema, own);
            }

            try
            {
                own.Commit(Durability.None);
                return;
            }
            catch (ConflictException) when (attempt < AttemptsMax)
            {
                // Another session made them at the same time.
            }
        }
    }

    /// <summary>Shows a training to other sessions until it is disposed.</summary>
    public ModelTraining Begin(string model, int version, TimeProvider clock)
    {
        var training = new ModelTraining(
            model, version, clock.GetUtcNow(), it => _trainings.TryRemove(it, out _));
        _trainings.TryAdd(training, true);
        return training;
    }

    private ModelVersion Replace(ModelVersion old, ModelVersion version)
    {
        _loaded[_loaded.IndexOf(old)] = version;
        return version;
    }
}
