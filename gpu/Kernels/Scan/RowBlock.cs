namespace NeuroDb.Gpu;

/// <summary>Pinned rows as the inner loop of a scan sees them: addresses and counts.</summary>
/// <param name="Rows">The first row.</param>
/// <param name="Stride">Floats from one row to the next.</param>
/// <param name="Dimension">Floats in a row and in the query.</param>
/// <param name="Query">The query.</param>
/// <param name="QuerySquaredNorm">dot(query, query).</param>
/// <param name="FirstId">The id of the first row.</param>
internal readonly unsafe record struct RowBlock(
    nint Rows, int Stride, int Dimension, nint Query, float QuerySquaredNorm, long FirstId)
{
    /// <summary>The address of a row.</summary>
    public float* Row(int index) => (float*)Rows + ((nint)index * Stride);
}
