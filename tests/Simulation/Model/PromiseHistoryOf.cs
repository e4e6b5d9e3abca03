namespace NeuroDb.Tests.Simulation;

/// <summary>
/// The values that something durable went through, each with the moments of the disk's journal at
/// which its change was begun and at which it was durable by the promise of the engine. It says
/// what may be found after a loss at any moment.
/// </summary>
internal sealed class PromiseHistory<T>
{
    private readonly List<T> _values = [];
    private readonly List<int> _begun = [];
    private readonly List<int> _acknowledged = [];

    /// <summary>Starts at the values of which any may be the first.</summary>
    public PromiseHistory(params IEnumerable<T> first)
    {
        foreach (T value in first)
        {
            Begin(value, 0);
        }

        _acknowledged[0] = 0;
    }

    /// <summary>The newest value.</summary>
    public T Newest => _values[^1];

    /// <summary>Notes that a change begins.</summary>
    public void Begin(T value, int operation)
    {
        _values.Add(value);
        _begun.Add(operation);
        _acknowledged.Add(int.MaxValue);
    }

    /// <summary>Notes that the newest value, and all before it, are durable.</summary>
    public void Acknowledge(int operation) =>
        _acknowledged[^1] = Math.Min(_acknowledged[^1], operation);

    /// <summary>The values that may be found after a loss during the operation.</summary>
    public List<T> Allowed(int operation)
    {
        int last = _values.Count - 1;
        while (_begun[last] > operation)
        {
            last--;
        }

        int first = last;
        while (first > 0 && _acknowledged[first] > operation)
        {
            first--;
        }

        return _values.GetRange(first, last - first + 1);
    }
}
