namespace NeuroDb.Storage;

/// <summary>All rows but one: the row that is its own query.</summary>
internal sealed class SelfFilter(int self) : CandidateFilter
{
    /// <inheritdoc/>
    public override bool Passes(int ordinal) => ordinal != self;
}
