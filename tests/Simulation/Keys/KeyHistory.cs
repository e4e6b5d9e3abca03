namespace NeuroDb.Tests.Simulation;

/// <summary>What was promised when of tables of keys.</summary>
internal sealed class KeyHistory : IImageHistory
{
    private KeyHistory(IEnumerable<KeyState> first) => States = new(first);

    /// <summary>Starts with nothing.</summary>
    public KeyHistory()
        : this([KeyState.Empty])
    {
    }

    /// <summary>The contents.</summary>
    public PromiseHistory<KeyState> States { get; }

    /// <inheritdoc/>
    public IImageHistory At(int operation) => new KeyHistory(States.Allowed(operation));

    /// <inheritdoc/>
    public IImageProgram Start(
        SimulatedDisk disk, MachineShape shape, SeededRandomSource random,
        Action<string>? trace) =>
        new KeyWorkload(disk, shape, random, this) { Trace = trace };
}
