namespace NeuroDb.Gpu;

/// <summary>Which factor of a matrix product is stored transposed.</summary>
internal enum MatrixLayout
{
    /// <summary>A is (rows, depth), B is (depth, columns).</summary>
    Plain,

    /// <summary>A is (rows, depth), B is stored as (columns, depth).</summary>
    TransposedB,

    /// <summary>A is stored as (depth, rows), B is (depth, columns).</summary>
    TransposedA,
}
