namespace NeuroDb.Gpu;

/// <summary>Pinned rows as the inner loop of a scan sees them: addresses and counts.</summary>
/// <param name="Rows">The first row.</param>
/// <param name="StrideBytes">Bytes from one row to the next.</param>
/// <param name="Dimension">Elements in a row and in the query.</param>
/// <param name="Query">The query.</param>
/// <param name="QuerySquaredNorm">dot(query, query).</param>
/// <param name="FirstId">The id of the first row.</param>
internal readonly unsafe record struct RowBlock(
    nint Rows, nint StrideBytes, int Dimension, nint Query, double QuerySquaredNorm, long FirstId)
{
    /// <summary>The address of a row.</summary>
    public byte* Row(int index) => (byte*)Rows + (index * StrideBytes);
}
