using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Where operators put rows that do not fit their memory: files in a folder of the database, which
/// are deleted when the operator ends, and when the database is opened after a crash. Those of an
/// encrypted database are sealed with a key of their own that exists only in memory.
/// </summary>
internal sealed class SpillSpace
{
    private const string FolderName = "temp";

    private readonly SystemSeams _seams;
    private readonly string _folder;
    private readonly bool _isEncrypted;
    private long _last;

    private SpillSpace(SystemSeams seams, string folder, bool isEncrypted)
    {
        _seams = seams;
        _folder = folder;
        _isEncrypted = isEncrypted;
    }

    /// <summary>Opens the folder of a database and deletes what a crash has left in it.</summary>
    public static SpillSpace Open(SystemSeams seams, string path, bool isEncrypted)
    {
        string folder = Path.Combine(path, FolderName);
        if (seams.Files.DirectoryExists(folder))
        {
            foreach (string file in seams.Files.List(folder))
            {
                seams.Files.Delete(Path.Combine(folder, Path.GetFileName(file)));
            }
        }

        return new SpillSpace(seams, folder, isEncrypted);
    }

    /// <summary>Makes a file for rows of these types.</summary>
    public SpillFile Create(IReadOnlyList<DataType> types)
    {
        lock (_seams)
        {
            if (!_seams.Files.DirectoryExists(_folder))
            {
                _seams.Files.CreateDirectory(_folder);
            }
        }

        SecretBytes? key = null;
        if (_isEncrypted)
        {
            key = new SecretBytes(GcmCipher.KeySizeBytes);
            RandomBytes.Fill(_seams.Random, key.Span);
        }

        long number = Interlocked.Increment(ref _last);
        string path = Path.Combine(
            _folder, string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"spill-{number}"));
        IFile file = _seams.Files.Open(path, FileOpenKind.Create);
        return new SpillFile(_seams.Files, file, key, types);
    }
}
