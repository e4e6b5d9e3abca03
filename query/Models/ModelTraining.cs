using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// A training that runs, as other sessions see it: a line for each pass that is over,
/// and what log_every asks for.
/// </summary>
internal sealed class ModelTraining(
    string model, int version, DateTimeOffset started, Action<ModelTraining> end) : IDisposable
{
    private readonly object _gate = new();
    private readonly List<TrainingProgress> _lines = [];

    /// <summary>The model.</summary>
    public string Model { get; } = model;

    /// <summary>The number that the version gets.</summary>
    public int Version { get; } = version;

    /// <summary>When the statement began.</summary>
    public DateTimeOffset Started { get; } = started;

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<TrainingProgress> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Adds what happened.</summary>
    public void Add(TrainingProgress line)
    {
        lock (_gate)
        {
            _lines.Add(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => end(this);
}
