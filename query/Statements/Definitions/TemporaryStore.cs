using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The temporary tables and views of one session: a database in memory that is made when the first
/// of them is, and gone with the session. Owned by the session; used by one thread at a time.
/// </summary>
internal sealed class TemporaryStore(QueryEngine engine) : IDisposable
{
    private StorageEngine? _storage;

    /// <summary>Lets a transaction see what is temporary, if there is anything.</summary>
    public StorageTransaction Attach(StorageTransaction transaction)
    {
        if (_storage is not null)
        {
            transaction.AttachTemporary(_storage.Begin());
        }

        return transaction;
    }

    /// <summary>The transaction to change what is temporary in.</summary>
    public StorageTransaction Change(StorageTransaction transaction)
    {
        if (transaction.Temporary is null)
        {
            _storage ??= StorageEngine.OpenTemporary(engine.Seams, engine.Options.Storage);
            transaction.AttachTemporary(_storage.Begin());
        }

        return transaction.ChangeTemporary();
    }

    /// <inheritdoc/>
    public void Dispose() => _storage?.Dispose();
}
