namespace NeuroDb.Query;

/// <summary>Keys held as 64-bit integers.</summary>
internal readonly struct LongKey : IKeyOperations<long>
{
    /// <inheritdoc/>
    public static ulong Hash(long value) => Hash64.Mix((ulong)value);

    /// <inheritdoc/>
    public static bool AreEqual(long left, long right) => left == right;
}
