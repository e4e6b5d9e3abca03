namespace NeuroDb;

/// <summary>
/// Turns rows of numbers into numbers: a model of the program, which statements know by
/// <c>CREATE EXTERNAL MODEL .. LOCATION 'delegate:name'</c>. Several threads may call it at once,
/// never inside a lock of the database; equal rows must give equal numbers.
/// </summary>
/// <param name="rows">The rows, a few hundred at most; the numbers of INPUT in its order.</param>
/// <returns>The numbers of OUTPUT for each row, in their order.</returns>
public delegate IReadOnlyList<float[]> RowModel(IReadOnlyList<float[]> rows);
