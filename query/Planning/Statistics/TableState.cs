using System.Runtime.InteropServices;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Tells whether the rows of a table changed: a new version of a row takes a number that is never
/// given again, and a row that goes without a new version leaves one row less. The same after the
/// database is opened again.
/// </summary>
/// <param name="TableId">The number of the table.</param>
/// <param name="NextRowId">The number of the next row version.</param>
/// <param name="LiveCount">The rows.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TableState(long TableId, long NextRowId, long LiveCount)
{
    /// <summary>How a table is at this moment.</summary>
    public static TableState Of(TableEntry table) =>
        new(table.Id, table.Rows.NextRowId, table.Rows.LiveCount);
}
