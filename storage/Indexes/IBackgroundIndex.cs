namespace NeuroDb.Storage;

/// <summary>An index of which parts are built beside transactions.</summary>
internal interface IBackgroundIndex
{
    /// <summary>Builds what is missing for the rows that a transaction sees.</summary>
    void Build(StorageTransaction transaction, CancellationToken cancellation);
}
