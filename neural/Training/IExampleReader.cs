namespace NeuroDb.Neural;

/// <summary>One pass over the examples of a source.</summary>
internal interface IExampleReader : IDisposable
{
    /// <summary>
    /// Fills features (rows, features) and targets (rows, targets) as far as examples are left.
    /// </summary>
    /// <returns>How many rows were filled; fewer than there is room for only at the end.</returns>
    int Read(Span<float> features, Span<float> targets);
}
