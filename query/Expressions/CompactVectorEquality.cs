namespace NeuroDb.Query;

/// <summary>
/// Equality of compact vectors of one type by their bytes: there is no negative zero among them.
/// </summary>
internal sealed class CompactVectorEquality : IEqualityComparer<CompactVector>
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly CompactVectorEquality Instance = new();

    /// <inheritdoc/>
    public bool Equals(CompactVector x, CompactVector y) => CompactVectorKey.AreEqual(x, y);

    /// <inheritdoc/>
    public int GetHashCode(CompactVector obj) => (int)CompactVectorKey.Hash(obj);
}
