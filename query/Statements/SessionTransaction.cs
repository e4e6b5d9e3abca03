using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The transaction that a session has open, with its named savepoints. As in SQLite, SAVEPOINT
/// outside a transaction begins one, which ends when that savepoint is released.
/// </summary>
internal sealed class SessionTransaction(
    StorageTransaction storage,
    bool beganWithSavepoint,
    AnswerTicket? ticket,
    bool isReadOnly = false)
{
    private readonly List<(string Name, int Mark)> _savepoints = [];

    /// <summary>The transaction below.</summary>
    public StorageTransaction Storage { get; } = storage;

    /// <summary>How work in the background knows it; null if it need not.</summary>
    public AnswerTicket? Ticket { get; } = ticket;

    /// <summary>Raises an error for a change in a transaction that was begun READ ONLY.</summary>
    public void CheckWritable(SourcePosition position)
    {
        if (isReadOnly)
        {
            throw new NeuroStoreException(
                ErrorCode.ReadOnly,
                "The transaction was begun READ ONLY; end it, and change rows in another.",
                position);
        }
    }

    /// <summary>Sets a savepoint; an equal name hides the earlier one.</summary>
    public void Savepoint(string name) => _savepoints.Add((name, Storage.Savepoint()));

    /// <summary>Takes back everything since a savepoint, which stays.</summary>
    public void RollbackTo(string name, SourcePosition position)
    {
        int index = Find(name, position);
        Storage.RollbackTo(_savepoints[index].Mark);
        _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
    }

    /// <summary>Forgets a savepoint and those after it.</summary>
    /// <returns>Whether this ends the transaction with a commit.</returns>
    public bool Release(string name, SourcePosition position)
    {
        int index = Find(name, position);
        _savepoints.RemoveRange(index, _savepoints.Count - index);
        return index == 0 && beganWithSavepoint;
    }

    private int Find(string name, SourcePosition position)
    {
        int index = _savepoints.FindLastIndex(savepoint =>
            string.Equals(savepoint.Name, name, StringComparison.OrdinalIgnoreCase));
        return index >= 0
            ? index
            : throw new NeuroStoreException(
                ErrorCode.UnknownSavepoint,
                $"There is no savepoint {name} in this transaction.",
                position);
    }
}
