namespace NeuroDb;

/// <summary>
/// Repeatable randomness from a seed: SplitMix64 (Steele, Lea and Flood, 2014). Equal seeds give
/// equal sequences on every machine. Not safe for several threads.
/// </summary>
internal sealed class SeededRandomSource(ulong seed) : IRandomSource
{
    private ulong _state = seed;

    /// <inheritdoc/>
    public ulong NextUInt64()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
