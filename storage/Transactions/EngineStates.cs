namespace NeuroDb.Storage;

/// <summary>
/// The state after the last applied commit and the newest visible one. Changed under the commit
/// gate; the visible one is read by everybody.
/// </summary>
internal sealed class EngineStates(EngineState state)
{
    private VisibleState _published = new(state);

    /// <summary>The state after the last applied commit; under the gate.</summary>
    public EngineState Applied { get; set; } = state;

    /// <summary>The newest visible state.</summary>
    public EngineState Published => Volatile.Read(ref _published).ToState();

    /// <summary>Makes a state visible, unless a later one is; under the gate.</summary>
    public void Publish(in EngineState state)
    {
        if (state.Timestamp > _published.Timestamp)
        {
            Show(state);
        }
    }

    /// <summary>Makes the newest generation that of the visible state; under the gate.</summary>
    public void PublishGeneration() => Show(_published.ToState());

    // The state may be older than the newest generation, which shows it as well. Most commits
    // change rows only: they need no object, whose garbage would sooner or later stop all threads.
    private void Show(in EngineState state)
    {
        Generation newest = Applied.Generation;
        if (ReferenceEquals(_published.Catalog, state.Catalog)
            && ReferenceEquals(_published.Generation, newest))
        {
            _published.Timestamp = state.Timestamp;
            return;
        }

        Volatile.Write(ref _published, new VisibleState(state with { Generation = newest }));
    }

    // A reader that finds it after another came sees the last commit that it stood for.
    private sealed class VisibleState(EngineState state)
    {
        private long _timestamp = state.Timestamp;

        public CatalogView Catalog { get; } = state.Catalog;

        public Generation Generation { get; } = state.Generation;

        public long Timestamp
        {
            get => Volatile.Read(ref _timestamp);
            set => Volatile.Write(ref _timestamp, value);
        }

        public EngineState ToState() => new(Timestamp, Catalog, Generation);
    }
}
