using NeuroDb.Tests.Unit;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// The files of a database directory by their names inside it, to put onto simulated disks.
/// </summary>
internal sealed class DiskImage
{
    private const string BirthPath = "/birth";
    private readonly Dictionary<string, byte[]> _files;

    private DiskImage(Dictionary<string, byte[]> files) => _files = files;

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Names => _files.Keys.Order();

    /// <summary>The bytes of a file.</summary>
    public byte[] this[string name] => _files[name];

    /// <summary>
    /// Makes the sample database: closed cleanly, killed with everything that was written, or
    /// closed when it had only its tables.
    /// </summary>
    public static DiskImage Make(bool isClosed, bool isChanged = true)
    {
        var disk = new MemoryFileSystem(keepsJournal: !isClosed);
        using NeuroStore database = SampleDatabase.Open(disk, BirthPath);
        SampleDatabase.Create(database);
        if (isChanged)
        {
            SampleDatabase.Change(database);
        }

        if (isClosed)
        {
            database.Dispose();
            return From(disk);
        }

        return From(disk.AfterKill(disk.OperationCount));
    }

    /// <summary>The same with one file changed, or gone if the bytes are null.</summary>
    public DiskImage With(string name, byte[]? bytes)
    {
        var files = new Dictionary<string, byte[]>(_files);
        files.Remove(name);
        if (bytes is not null)
        {
            files[name] = bytes;
        }

        return new DiskImage(files);
    }

    /// <summary>A disk that holds the files in a directory.</summary>
    public MemoryFileSystem Mount(string path)
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        disk.CreateDirectory($"{path}/wal");
        int id = 0;
        foreach ((string name, byte[] bytes) in _files)
        {
            var content = new MemoryFileContent(id++);
            content.Write(0, bytes);
            disk.Place($"{path}/{name}", content);
        }

        return disk;
    }

    /// <summary>Whether the disk holds exactly these files.</summary>
    public bool Equals(MemoryFileSystem disk, string path)
    {
        IEnumerable<string> names = disk.List(path).Concat(disk.List($"{path}/wal"))
            .Where(disk.FileExists).Select(full => full[(path.Length + 1)..]).Order();
        return names.SequenceEqual(Names)
            && Names.All(name => disk.Bytes($"{path}/{name}").SequenceEqual(_files[name]));
    }

    private static DiskImage From(MemoryFileSystem disk)
    {
        var files = new Dictionary<string, byte[]>();
        foreach (string path in disk.List(BirthPath).Concat(disk.List($"{BirthPath}/wal")))
        {
            if (disk.FileExists(path))
            {
                files[path[(BirthPath.Length + 1)..]] = disk.Bytes(path).ToArray();
            }
        }

        // A simulated disk locks without a file.
        files["LOCK"] = "NeuroStore database, opened by process 1 on home"u8.ToArray();
        return new DiskImage(files);
    }
}
