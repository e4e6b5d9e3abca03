namespace NeuroDb.Bench;

/// <summary>
/// A system that compares the query with every row, in the table of indexes: it has one setting,
/// and few queries say how fast it is.
/// </summary>
internal sealed class ExactAnnPeer(IVectorPeer peer) : IAnnPeer
{
    /// <inheritdoc/>
    public string Name => peer.Name;

    /// <inheritdoc/>
    public string Family => "exact";

    /// <inheritdoc/>
    public int SettingCount => 1;

    /// <inheritdoc/>
    public int QueryCountMax => 30;

    /// <inheritdoc/>
    public double BytesPerVector => double.NaN;

    /// <inheritdoc/>
    public void Build(float[] vectors, int dimension) => peer.Load(vectors, dimension);

    /// <inheritdoc/>
    public string Use(int setting) => "all rows";

    /// <inheritdoc/>
    public void Search(float[] query, long[] ids)
    {
        long[] found = peer.Search(query, ids.Length);
        Array.Fill(ids, -1);
        found.AsSpan(0, Math.Min(found.Length, ids.Length)).CopyTo(ids);
    }

    /// <inheritdoc/>
    public void Dispose() => peer.Dispose();
}
