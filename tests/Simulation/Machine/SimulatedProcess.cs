namespace NeuroDb.Tests.Simulation;

/// <summary>
/// A process on a simulated machine: files, clock, randomness and threads of its own above a disk
/// that outlives it.
/// </summary>
internal sealed class SimulatedProcess : IDisposable
{
    private readonly SimulatedFileSystem _files;
    private readonly SimulatedWorkers _workers;
    private readonly MachineShape _shape;
    private NeuroStore? _database;

    /// <summary>Starts a process.</summary>
    public SimulatedProcess(SimulatedDisk disk, MachineShape shape, ulong seed)
    {
        _files = new SimulatedFileSystem(disk);
        _workers = new SimulatedWorkers(shape.IsDeferred);
        _shape = shape;
        Seams = new SystemSeams(_files, Clock, new SeededRandomSource(seed), _workers);
    }

    /// <summary>The seams.</summary>
    public SystemSeams Seams { get; }

    /// <summary>The clock.</summary>
    public SimulatedClock Clock { get; } = new();

    /// <summary>The open database.</summary>
    public NeuroStore Database =>
        _database ?? throw new InvalidOperationException("no database is open");

    /// <summary>What the process has not given back; null if all.</summary>
    public string? Leak => _files.OpenCount == 0 && _files.LockCount == 0
        ? null
        : $"{_files.OpenCount} open files, {_files.LockCount} locks left";

    /// <summary>The work that had to be run by another thread than the test's.</summary>
    public int RescueCount => _workers.RescueCount;

    /// <summary>Opens the database.</summary>
    /// <param name="key">The number of its key.</param>
    public NeuroStore Open(int key = 0)
    {
        _database = NeuroStore.Open(_shape.Root, Options(key));
        return _database;
    }

    /// <summary>Opens a directory of the disk for reading only.</summary>
    public NeuroStore OpenForReading(string path, int key) =>
        NeuroStore.Open(path, Options(key) with { IsReadOnly = true });

    /// <summary>Lets work in the background go on and time pass.</summary>
    public void Settle(int milliseconds)
    {
        Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _workers.RunDeferred();
    }

    /// <summary>Closes the database in good order.</summary>
    public void Close()
    {
        NeuroStore? database = _database;
        _database = null;
        _workers.RunDeferred();
        database?.Dispose();
    }

    /// <summary>Ends the process as SIGKILL does: nothing more reaches the disk.</summary>
    public void Kill()
    {
        _files.Kill();
        try
        {
            Close();
        }
        catch (NeuroStoreException error) when (error.Code != ErrorCode.InvariantBroken)
        {
            // The dead process could not write what it wanted to.
            _database = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_database is not null)
        {
            Kill();
        }

        _workers.Dispose();
    }

    private NeuroStoreOptions Options(int key) => new()
    {
        Seams = Seams,
        Storage = _shape.Storage,
        EncryptionKey = _shape.KeyOf(key),
        Accelerator = AcceleratorChoice.Cpu,
    };
}
