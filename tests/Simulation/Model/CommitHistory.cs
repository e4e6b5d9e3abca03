namespace NeuroDb.Tests.Simulation;

/// <summary>
/// What was promised when: of the content of a database, of its key, and of its backup, which may
/// each be lost or kept for itself.
/// </summary>
internal sealed class CommitHistory : IImageHistory
{
    /// <summary>Starts with nothing.</summary>
    public CommitHistory()
        : this([ModelState.Empty], [0], [null])
    {
    }

    private CommitHistory(
        IEnumerable<ModelState> states, IEnumerable<int> keys, IEnumerable<BackupState?> backups)
    {
        States = new(states);
        Keys = new(keys);
        Backups = new(backups);
    }

    /// <summary>The contents.</summary>
    public PromiseHistory<ModelState> States { get; }

    /// <summary>The numbers of the keys.</summary>
    public PromiseHistory<int> Keys { get; }

    /// <summary>The contents of the backup; null as long as there is none.</summary>
    public PromiseHistory<BackupState?> Backups { get; }

    /// <summary>What may be found after a loss during the operation, to go on from.</summary>
    public CommitHistory At(int operation) => new(
        States.Allowed(operation), Keys.Allowed(operation), Backups.Allowed(operation));

    /// <inheritdoc/>
    IImageHistory IImageHistory.At(int operation) => At(operation);

    /// <inheritdoc/>
    public IImageProgram Start(
        SimulatedDisk disk, MachineShape shape, SeededRandomSource random,
        Action<string>? trace) =>
        new Workload(disk, shape, random, this) { Trace = trace };
}
