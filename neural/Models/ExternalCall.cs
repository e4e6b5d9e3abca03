namespace NeuroDb.Neural;

/// <summary>Fills outputs (count, outputs) from features (count, features).</summary>
internal delegate void ExternalCall(
    ReadOnlyMemory<float> features, int count, Span<float> outputs);
