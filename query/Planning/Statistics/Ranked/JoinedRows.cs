namespace NeuroDb.Query;

/// <summary>Rows that lie in bins in which all sides of a join have rows.</summary>
/// <param name="Bits">The rows.</param>
/// <param name="Count">How many there are.</param>
internal sealed record JoinedRows(ulong[] Bits, int Count);
