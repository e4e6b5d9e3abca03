namespace NeuroDb.Storage;

/// <content>Looking at a directory without changing it.</content>
internal sealed partial class DatabaseDirectory
{
    /// <summary>
    /// Locks a directory that is there, to look at what is left of it; nothing else is made.
    /// </summary>
    public static DatabaseDirectory LockDamaged(SystemSeams seams, string path)
    {
        IFileSystem files = seams.Files;
        bool isOurs = files.DirectoryExists(path) && files.List(path).Any(IsLeftOver);
        return isOurs
            ? TakeLock(seams, path)
            : throw new NeuroStoreException(
                ErrorCode.NotADatabase,
                $"{path} is no directory with a NeuroStore database or what is left of one.");
    }

    private static bool IsLeftOver(string path) => Path.GetFileName(path) is
        SuperName or SuperNewName or LogName or DatabaseFiles.SegmentDirectoryName
        || DatabaseFiles.IsManifest(Path.GetFileName(path));

    /// <summary>
    /// Reads SUPER to verify what it leads to, and changes nothing; damage is a finding.
    /// </summary>
    /// <returns>The slot that counts; null if there is none.</returns>
    public SuperBlock? InspectSuper(EncryptionKey? key, FindingList findings)
    {
        string superPath = Path.Combine(_path, SuperName);
        SuperFile.Inspect(
            _seams.Files, superPath, findings, out SuperBlock? first, out SuperBlock? second);
        SuperBlock? super = SuperFile.Newer(first, second);
        if (super is not null)
        {
            Unlock(super, key, superPath);
        }

        return super;
    }

    /// <summary>Verifies both slots of SUPER while the database is open.</summary>
    public void VerifySuper(FindingList findings)
    {
        string superPath = Path.Combine(_path, SuperName);
        lock (_publishGate)
        {
            SuperFile.Inspect(
                _seams.Files, superPath, findings, out SuperBlock? first, out SuperBlock? second);
            SuperBlock? super = SuperFile.Newer(first, second);
            if (super is not null && super.Generation != Super.Generation)
            {
                findings.Add(superPath, 0, string.Empty, "SUPER is not what was written last");
            }
        }
    }
}
