using System.Globalization;

namespace NeuroDb.Query;

/// <summary>What an exact scan through vectors read.</summary>
/// <param name="Rows">The rows that it looked at.</param>
/// <param name="ByteRows">How many of them it read as bytes with bounds, not as floats.</param>
/// <param name="ComparedRows">How many of those it then compared as floats.</param>
internal readonly record struct VectorScanStatistics(long Rows, long ByteRows, long ComparedRows)
{
    /// <summary>The sum of two scans.</summary>
    public VectorScanStatistics Plus(VectorScanStatistics other) => new(
        Rows + other.Rows, ByteRows + other.ByteRows, ComparedRows + other.ComparedRows);

    /// <summary>What EXPLAIN ANALYZE says.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"scan: {Rows} rows, {ByteRows} of them as bytes, {ComparedRows} compared again");
}
