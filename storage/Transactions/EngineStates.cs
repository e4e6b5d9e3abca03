namespace NeuroDb.Storage;

/// <summary>
/// The state after the last applied commit and the newest visible one. Changed under the commit
/// gate; the visible one is read by everybody.
/// </summary>
internal sealed class EngineStates(EngineState state)
{
    private EngineState _published = state;

    /// <summary>The state after the last applied commit; under the gate.</summary>
    public EngineState Applied { get; set; } = state;

    /// <summary>The newest visible state.</summary>
    public EngineState Published => Volatile.Read(ref _published);

    /// <summary>Makes a state visible, unless a later one is; under the gate.</summary>
    public void Publish(EngineState state)
    {
        if (state.Timestamp > _published.Timestamp)
        {
            Show(state);
        }
    }

    /// <summary>Makes the newest generation that of the visible state; under the gate.</summary>
    public void PublishGeneration() => Show(_published);

    // The state may be older than the newest generation, which shows it as well.
    private void Show(EngineState state)
    {
        Generation newest = Applied.Generation;
        Volatile.Write(
            ref _published,
            ReferenceEquals(state.Generation, newest)
                ? state
                : state with { Generation = newest });
    }
}
