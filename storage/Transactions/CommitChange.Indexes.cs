namespace NeuroDb.Storage;

/// <summary>What a commit asks of the indexes.</summary>
internal sealed partial class CommitChange
{
    // Of an index that came after the snapshot nothing was looked at.
    private void CheckNewIndexes(IReadOnlyList<IndexEntry> indexes)
    {
        foreach (IndexEntry index in indexes)
        {
            if (index.Schema.IsUnique && !_transaction.Catalog.Contains(index))
            {
                throw Conflict.OnIndex(index.Schema.Name, "created");
            }
        }
    }
}
