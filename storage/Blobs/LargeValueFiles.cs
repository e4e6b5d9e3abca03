namespace NeuroDb.Storage;

/// <summary>
/// Opens the files of large values by what their references say, whoever needs them: the store of
/// an open database, and those who verify, copy or salvage one that nobody has open.
/// </summary>
/// <param name="files">The disk.</param>
/// <param name="names">The names of the files.</param>
/// <param name="databaseId">The database.</param>
/// <param name="keys">The keys of the database, or null in a plain one.</param>
internal sealed class LargeValueFiles(
    IFileSystem files, DatabaseFiles names, Guid databaseId, KeyRing? keys)
    : ILargeValues
{
    /// <inheritdoc/>
    public ILargeValueReader Open(in LargeReference reference) => OpenFile(reference);

    /// <summary>Reads all of a value.</summary>
    /// <exception cref="CorruptionException">It is damaged or missing.</exception>
    public void Verify(in LargeReference reference, CancellationToken cancellation)
    {
        string path = names.BlobPath(reference.Number);
        if (!files.FileExists(path))
        {
            throw new CorruptionException(path, 0, "a large value is missing");
        }

        using LargeValueReader reader = OpenFile(reference);
        reader.Verify(cancellation);
    }

    private LargeValueReader OpenFile(in LargeReference reference)
    {
        string path = names.BlobPath(reference.Number);
        try
        {
            return LargeValueReader.Open(files, path, databaseId, keys, reference);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                $"The large value {path} cannot be opened: {cause.Message} If the database was "
                + "opened for reading only, its writer may have removed it; open it again.",
                innerException: cause);
        }
    }
}
