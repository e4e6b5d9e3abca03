namespace NeuroDb.Bench;

/// <summary>What one setting of an index measured.</summary>
/// <param name="Peer">The index.</param>
/// <param name="Setting">Its setting.</param>
/// <param name="Recall">The share of the true nearest in its answers.</param>
/// <param name="CpuUs">Processor time of a query in microseconds, the best of the rounds.</param>
/// <param name="P50Us">The median wall time of a query.</param>
/// <param name="P99Us">The 99th percentile of it.</param>
internal sealed record AnnPoint(
    string Peer, string Setting, double Recall, double CpuUs, double P50Us, double P99Us)
{
    /// <summary>Queries for each second of processor time.</summary>
    public double Qps => 1e6 / CpuUs;
}
