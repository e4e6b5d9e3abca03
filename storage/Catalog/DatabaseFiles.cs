using System.Globalization;

namespace NeuroDb.Storage;

/// <summary>
/// The names of the files of a database, and which of them a state of the database does not need
/// any more. The names are the format: docs/format.md lists them.
/// </summary>
internal sealed class DatabaseFiles
{
    /// <summary>The name of the directory of segments.</summary>
    public const string SegmentDirectoryName = "seg";

    private const string ManifestPrefix = "MANIFEST-";
    private const string SegmentSuffix = ".seg";
    private const string DeleteSuffix = ".del";
    private const string VectorSuffix = ".vec";
    private const string RunSuffix = ".run";
    private readonly IFileSystem _files;
    private readonly string _path;

    /// <summary>Makes the names of a directory.</summary>
    public DatabaseFiles(IFileSystem files, string path)
    {
        _files = files;
        _path = path;
        SegmentDirectory = Path.Combine(path, SegmentDirectoryName);
        BlobDirectory = Path.Combine(path, "blob");
        LogDirectory = Path.Combine(path, "wal");
    }

    /// <summary>The directory of the database.</summary>
    public string Root => _path;

    /// <summary>The directory of the log.</summary>
    public string LogDirectory { get; }

    /// <summary>The directory of segments and their delete-files.</summary>
    public string SegmentDirectory { get; }

    /// <summary>The directory of large values.</summary>
    public string BlobDirectory { get; }

    /// <summary>Makes the directories of segments and large values if they are not there.</summary>
    public void EnsureDirectories()
    {
        _files.CreateDirectory(SegmentDirectory);
        _files.CreateDirectory(BlobDirectory);
    }

    /// <summary>The file of a manifest.</summary>
    public string ManifestPath(long number) => Path.Combine(_path, ManifestPrefix + Text(number));

    /// <summary>The file of a segment.</summary>
    public string SegmentPath(long segmentId) =>
        Path.Combine(SegmentDirectory, Text(segmentId) + SegmentSuffix);

    /// <summary>The file that says which rows of a segment are dead.</summary>
    public string DeletePath(long segmentId, long number) => Path.Combine(
        SegmentDirectory, $"{Text(segmentId)}-{Text(number)}{DeleteSuffix}");

    /// <summary>The file of the index of a segment's vectors.</summary>
    public string IndexPath(long segmentId, int indexId) => Path.Combine(
        SegmentDirectory, $"{Text(segmentId)}-{Text(indexId)}{VectorSuffix}");

    /// <summary>The file of the run of an index over a segment.</summary>
    public string RunPath(long segmentId, int indexId) => Path.Combine(
        SegmentDirectory, $"{Text(segmentId)}-{Text(indexId)}{RunSuffix}");

    /// <summary>Whether a path is that of an index, and of which one of which segment.</summary>
    public static bool IsIndex(string path, out long segmentId, out int indexId)
    {
        string name = Path.GetFileName(path);
        bool isOne = IsPair(name, VectorSuffix, out segmentId, out long index)
            || IsPair(name, RunSuffix, out segmentId, out index);
        indexId = (int)index;
        return isOne;
    }

    /// <summary>Whether a path is that of the run of an index.</summary>
    public static bool IsRun(string path) => path.EndsWith(RunSuffix, StringComparison.Ordinal);

    /// <summary>
    /// The files of indexes of segments that stay: those of the given indexes whose segments do.
    /// </summary>
    public IReadOnlyList<string> IndexesOf(
        IReadOnlySet<string> referenced, IReadOnlySet<int> indexIds) =>
        indexIds.Count == 0
            ? []
            : [.. Indexes()
                .Where(file => indexIds.Contains(file.IndexId)
                    && referenced.Contains(SegmentPath(file.SegmentId)))
                .Select(static file => file.Path)];

    /// <summary>The files of indexes of segments that are there.</summary>
    public IEnumerable<(string Path, long SegmentId, int IndexId)> Indexes()
    {
        if (!_files.DirectoryExists(SegmentDirectory))
        {
            yield break;
        }

        foreach (string path in _files.List(SegmentDirectory))
        {
            if (IsIndex(path, out long segment, out int index))
            {
                yield return (path, segment, index);
            }
        }
    }

    /// <summary>The file of a large value.</summary>
    public string BlobPath(long blobId) => Path.Combine(BlobDirectory, Text(blobId));

    /// <summary>Whether a path is that of a segment.</summary>
    public static bool IsSegment(string path) =>
        path.EndsWith(SegmentSuffix, StringComparison.Ordinal);

    /// <summary>Whether a name is that of a manifest.</summary>
    public static bool IsManifest(string name) =>
        name.StartsWith(ManifestPrefix, StringComparison.Ordinal)
        && IsNumber(name[ManifestPrefix.Length..]);

    /// <summary>All files that a manifest needs, itself included.</summary>
    public IReadOnlyList<string> NamedBy(Manifest manifest)
    {
        var paths = new List<string> { ManifestPath(manifest.Number) };
        foreach (ManifestPart part in manifest.Tables.SelectMany(static table => table.Parts))
        {
            paths.Add(SegmentPath(part.SegmentId));
            if (part.DeleteNumber > 0)
            {
                paths.Add(DeletePath(part.SegmentId, part.DeleteNumber));
            }
        }

        paths.AddRange(manifest.LargeValues
            .Select(static value => value.Reference.Number)
            .Distinct()
            .Select(BlobPath));
        return paths;
    }

    /// <summary>Whether a path is that of a large value.</summary>
    public bool IsBlob(string path) => Path.GetDirectoryName(path) == BlobDirectory;

    /// <summary>
    /// Removes manifests, segments, delete-files and large values that are not in a set. Others
    /// are nobody's business and stay. A removal that a crash takes back is made again at the next
    /// opening.
    /// </summary>
    /// <returns>The files removed.</returns>
    public int RemoveUnreferenced(IReadOnlySet<string> referenced)
    {
        int count = Remove(_path, IsManifest, referenced);
        count += Remove(SegmentDirectory, IsSegmentFile, referenced);
        return count + Remove(BlobDirectory, IsNumber, referenced);
    }

    private int Remove(string directory, Func<string, bool> isOurs, IReadOnlySet<string> referenced)
    {
        if (!_files.DirectoryExists(directory))
        {
            return 0;
        }

        int count = 0;
        foreach (string path in _files.List(directory))
        {
            if (isOurs(Path.GetFileName(path)) && !referenced.Contains(path))
            {
                _files.Delete(path);
                count++;
            }
        }

        return count;
    }

    private static bool IsSegmentFile(string name) =>
        (name.EndsWith(SegmentSuffix, StringComparison.Ordinal)
            && IsNumber(name[..^SegmentSuffix.Length]))
        || IsPair(name, DeleteSuffix, out _, out _)
        || IsIndex(name, out _, out _);

    private static bool IsPair(string name, string suffix, out long first, out long second)
    {
        first = 0;
        second = 0;
        return name.EndsWith(suffix, StringComparison.Ordinal)
            && name[..^suffix.Length].Split('-') is [string id, string number]
            && IsNumber(id)
            && IsNumber(number)
            && long.TryParse(id, CultureInfo.InvariantCulture, out first)
            && long.TryParse(number, CultureInfo.InvariantCulture, out second);
    }

    private static bool IsNumber(string text) => long.TryParse(
        text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static string Text(long number)
    {
        Invariant.Check(number > 0, "files are numbered from 1 on");
        return number.ToString(CultureInfo.InvariantCulture);
    }
}
