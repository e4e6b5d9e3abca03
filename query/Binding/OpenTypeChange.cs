using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The type that values of a statement give to a column that is declared without one.
/// </summary>
/// <param name="Table">The table.</param>
/// <param name="Ordinal">The column.</param>
/// <param name="Type">Its type from then on.</param>
internal sealed record OpenTypeChange(TableEntry Table, int Ordinal, DataType Type);
