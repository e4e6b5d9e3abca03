namespace NeuroDb.Storage;

/// <content>Reading beside a process that may be writing.</content>
internal sealed partial class DatabaseDirectory
{
    /// <summary>
    /// Reads SUPER without a lock and without any change, beside a process that may be writing it.
    /// </summary>
    /// <param name="seams">The machine.</param>
    /// <param name="path">The directory.</param>
    /// <param name="key">The user's key, or null for a plain database.</param>
    public static DatabaseDirectory OpenUnlocked(
        SystemSeams seams, string path, EncryptionKey? key)
    {
        string superPath = Path.Combine(path, SuperName);
        if (!seams.Files.FileExists(superPath))
        {
            throw new NeuroStoreException(
                ErrorCode.NotADatabase,
                $"{path} holds no NeuroStore database, and one that is opened for reading only is "
                + "not made.");
        }

        var directory = new DatabaseDirectory(seams, path, null);
        directory._super = SuperFile.Read(
            seams.Files, superPath, read => directory.Unlock(read, key, superPath), out _);
        return directory;
    }

    /// <summary>Whether SUPER says something else by now.</summary>
    public bool HasMovedOn()
    {
        SuperBlock now = SuperFile.Read(
            _seams.Files, Path.Combine(_path, SuperName), static _ => { }, out _);
        return now.Generation != Super.Generation;
    }
}
