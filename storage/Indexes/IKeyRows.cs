namespace NeuroDb.Storage;

/// <summary>
/// The rows behind a <see cref="KeyIndex"/>, numbered from 0: their keys, and the link from a row
/// to the row that had the same key before it.
/// </summary>
internal interface IKeyRows
{
    /// <summary>How many rows there are.</summary>
    long RowCount { get; }

    /// <summary>
    /// The key hashes and numbers of some rows from one on; rows that nobody can look for and keys
    /// with a NULL are left out.
    /// </summary>
    /// <param name="row">The first row.</param>
    /// <param name="hashes">Takes the hashes.</param>
    /// <param name="rows">Takes the numbers; as long as the hashes.</param>
    /// <param name="found">How many were taken.</param>
    /// <returns>How many rows were looked at, at least 1.</returns>
    int Hash(long row, Span<ulong> hashes, Span<long> rows, out int found);

    /// <summary>Whether two rows have the same key.</summary>
    bool AreSame(long row, long other);

    /// <summary>The row that had the same key before, or -1.</summary>
    long PreviousOf(long row);

    /// <summary>
    /// Links a row to the one that had the same key before; false if they lie too far apart.
    /// </summary>
    bool TryLink(long row, long previous);
}
