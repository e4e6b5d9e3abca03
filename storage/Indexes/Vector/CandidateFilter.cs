namespace NeuroDb.Storage;

/// <summary>
/// Which rows of a part may be in an answer: visible, not deleted, passing the WHERE clause. It is
/// asked only about rows whose codes come close enough.
/// </summary>
internal abstract class CandidateFilter
{
    /// <summary>Whether a row may be in the answer.</summary>
    public abstract bool Passes(int ordinal);
}
