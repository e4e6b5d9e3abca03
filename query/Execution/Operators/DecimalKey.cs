namespace NeuroDb.Query;

/// <summary>Exact numbers; 1.0 equals 1.00.</summary>
internal readonly struct DecimalKey : IKeyOperations<decimal>
{
    /// <inheritdoc/>
    public static ulong Hash(decimal value) => Hash64.Mix((ulong)value.GetHashCode());

    /// <inheritdoc/>
    public static bool AreEqual(decimal left, decimal right) => left == right;
}
