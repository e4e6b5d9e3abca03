using NeuroDb.Tests.Simulation;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// The files of a database directory by their names inside it, to damage and to put onto simulated
/// disks. Images share the pages in which they do not differ.
/// </summary>
internal sealed class DiskImage
{
    private const string BirthPath = "/birth";
    private const string LockName = "LOCK";
    private readonly SortedDictionary<string, PagedBytes> _files;

    private DiskImage(
        SortedDictionary<string, PagedBytes> files, bool isEncrypted, bool hasMore)
    {
        _files = files;
        IsEncrypted = isEncrypted;
        HasMore = hasMore;
    }

    /// <summary>Whether the database has a key.</summary>
    public bool IsEncrypted { get; }

    /// <summary>Whether the database keeps its past, and its large table an index.</summary>
    public bool HasMore { get; }

    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names => [.. _files.Keys];

    /// <summary>The bytes of all files.</summary>
    public long SizeBytes => _files.Values.Sum(static bytes => bytes.Length);

    /// <summary>The bytes of a file.</summary>
    public PagedBytes this[string name] => _files[name];

    /// <summary>Makes the sample database.</summary>
    /// <param name="form">In which state.</param>
    /// <param name="isEncrypted">Whether it has a key.</param>
    /// <param name="isLarge">Whether it is larger than 1 MiB.</param>
    /// <param name="hasMore">Whether it keeps its past, and its large table an index.</param>
    public static DiskImage Make(
        SampleForm form, bool isEncrypted, bool isLarge, bool hasMore)
    {
        var disk = new SimulatedDisk();
        ulong seed = form == SampleForm.Foreign ? 8u : 7u;
        using var process = new SimulatedProcess(
            disk, SampleDatabase.Shape(BirthPath, isEncrypted, hasMore), seed);
        NeuroStore database = process.Open();
        SampleDatabase.Create(database);
        if (isLarge)
        {
            SampleDatabase.Grow(database, first: 0);
        }

        if (isLarge && hasMore)
        {
            SampleDatabase.CreateIndex(database);
        }

        SampleDatabase.Change(database);
        if (form != SampleForm.Older)
        {
            SampleDatabase.ChangeAgain(database);
        }

        if (isLarge && form != SampleForm.Older)
        {
            SampleDatabase.Grow(database, first: 8_000);
        }

        if (form == SampleForm.Killed)
        {
            process.Kill();
        }
        else
        {
            process.Close();
        }

        return Of(disk, BirthPath, isEncrypted, hasMore);
    }

    /// <summary>Whether the image has a file.</summary>
    public bool Has(string name) => _files.ContainsKey(name);

    /// <summary>The same without a file.</summary>
    public DiskImage Without(string name)
    {
        DiskImage copy = Copy();
        copy._files.Remove(name);
        return copy;
    }

    /// <summary>The same with one file changed.</summary>
    public DiskImage With(string name, Action<PagedBytes> change)
    {
        DiskImage copy = Copy();
        change(copy._files[name]);
        return copy;
    }

    /// <summary>The same with one file in place of what has the name.</summary>
    public DiskImage With(string name, PagedBytes bytes)
    {
        DiskImage copy = Copy();
        copy._files[name] = bytes.Copy();
        return copy;
    }

    /// <summary>The same with one bit flipped.</summary>
    public DiskImage WithFlippedBit(string name, long bit) =>
        With(name, bytes => FlipBit(bytes, bit));

    /// <summary>Flips a bit.</summary>
    public static void FlipBit(PagedBytes bytes, long bit)
    {
        Span<byte> one = stackalloc byte[1];
        bytes.Read(bit / 8, one);
        one[0] ^= (byte)(1 << (int)(bit % 8));
        bytes.Write(bit / 8, one);
    }

    /// <summary>A disk that holds the files in a directory.</summary>
    public SimulatedDisk Mount(string path)
    {
        var disk = new SimulatedDisk();
        foreach ((string name, PagedBytes bytes) in _files)
        {
            string full = $"{path}/{name}";
            disk.MakeDirectory(Path.GetDirectoryName(full)!);
            disk.Place(full, bytes.Copy());
        }

        return disk;
    }

    /// <summary>Whether a disk holds exactly these files; the lock's note may differ.</summary>
    public bool Equals(SimulatedDisk disk, string path)
    {
        string[] paths = [.. disk.Paths];
        string[] others = [.. _files.Keys.Where(static name => name != LockName)];
        return paths.Count(full => full != $"{path}/{LockName}") == others.Length
            && others.All(name => paths.Contains($"{path}/{name}")
                && disk[$"{path}/{name}"].HasSameBytes(_files[name]));
    }

    private static DiskImage Of(
        SimulatedDisk disk, string path, bool isEncrypted, bool hasMore)
    {
        var files = new SortedDictionary<string, PagedBytes>(StringComparer.Ordinal);
        foreach (string full in disk.Paths)
        {
            files[full[(path.Length + 1)..]] = disk[full].Copy();
        }

        return new DiskImage(files, isEncrypted, hasMore);
    }

    // Copying takes the pages away from the original for a moment: one thread at a time.
    private DiskImage Copy()
    {
        lock (_files)
        {
            var files = new SortedDictionary<string, PagedBytes>(StringComparer.Ordinal);
            foreach ((string name, PagedBytes bytes) in _files)
            {
                files[name] = bytes.Copy();
            }

            return new DiskImage(files, IsEncrypted, HasMore);
        }
    }
}
