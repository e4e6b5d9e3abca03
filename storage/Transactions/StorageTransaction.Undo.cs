namespace NeuroDb.Storage;

/// <summary>Savepoints: what was changed, in order, to be taken back.</summary>
internal sealed partial class StorageTransaction
{
    /// <summary>A mark to which <see cref="RollbackTo"/> returns.</summary>
    public int Savepoint()
    {
        CheckOpen();
        return UndoCount;
    }

    /// <summary>
    /// Takes back everything since the mark, also changes of the catalog. Snapshots that were
    /// opened after the mark may not be used any more.
    /// </summary>
    public void RollbackTo(int savepoint)
    {
        CheckOpen();
        Invariant.Check(savepoint >= 0 && savepoint <= UndoCount);
        for (int i = UndoCount - 1; i >= savepoint; i--)
        {
            Undo(UndoEntries[i]);
        }

        _lists?.Undo.RemoveRange(savepoint, UndoCount - savepoint);
    }

    private int UndoCount => _lists?.Undo.Count ?? 0;

    private List<UndoEntry> UndoEntries => Lists.Undo;

    private TransactionLists Lists => _lists ??= _engine.TakeLists();

    private void Undo(UndoEntry entry)
    {
        switch (entry.Kind)
        {
            case UndoKind.Append:
                entry.Rows!.Truncate(entry.Argument);
                break;
            case UndoKind.Kill:
                entry.Rows!.Revive(entry.Argument);
                break;
            case UndoKind.End:
                entry.Rows!.UndoEnd(entry.Argument);
                break;
            case UndoKind.Temporary:
                _temporary!.RollbackTo((int)entry.Argument);
                _temporaryCount--;
                break;
            default:
                MainCatalog = entry.Catalog!;
                break;
        }
    }
}
