namespace NeuroDb.Tests.Simulation;

/// <summary>
/// The states that a database went through, each with the moments of the disk's journal at which
/// its commit was begun and at which it was durable by the promise of the engine. It says what may
/// be found after a loss at any moment.
/// </summary>
internal sealed class CommitHistory
{
    private readonly List<ModelState> _states = [];
    private readonly List<int> _begun = [];
    private readonly List<int> _acknowledged = [];

    /// <summary>Starts at the states of which any may be the first.</summary>
    public CommitHistory(params IEnumerable<ModelState> first)
    {
        foreach (ModelState state in first)
        {
            Begin(state, 0);
        }

        _acknowledged[0] = 0;
    }

    /// <summary>The newest state.</summary>
    public ModelState Newest => _states[^1];

    /// <summary>Notes that a commit begins.</summary>
    public void Begin(ModelState state, int operation)
    {
        _states.Add(state);
        _begun.Add(operation);
        _acknowledged.Add(int.MaxValue);
    }

    /// <summary>Notes that the newest state, and all before it, are durable.</summary>
    public void Acknowledge(int operation) =>
        _acknowledged[^1] = Math.Min(_acknowledged[^1], operation);

    /// <summary>The states that may be found after a loss during the operation.</summary>
    public List<ModelState> Allowed(int operation)
    {
        int last = _states.Count - 1;
        while (_begun[last] > operation)
        {
            last--;
        }

        int first = last;
        while (first > 0 && _acknowledged[first] > operation)
        {
            first--;
        }

        return _states.GetRange(first, last - first + 1);
    }
}
