using NeuroDb.Storage;
using NeuroDb.Tests.Simulation;

namespace NeuroDb.Tests.Crash;

/// <summary>A disk of one thread, on which a bit is wrong only while somebody looks.</summary>
internal sealed class BitDisk : IDisposable
{
    private readonly byte[] _page =
        new byte[SegmentFormat.PageSizeBytes + SegmentFormat.VectorAlignmentBytes];

    private readonly string _path;
    private readonly EncryptionKey? _key;
    private readonly SimulatedDisk _disk;
    private readonly SimulatedDisk _openDisk;
    private readonly SimulatedProcess _process;
    private readonly SimulatedProcess _openProcess;
    private readonly StorageEngine _engine;
    private readonly Dictionary<string, SegmentFile> _segments = [];
    private string _place = string.Empty;
    private int _extent;
    private int _pageOfExtent;
    private long _start;
    private int _length;

    /// <summary>Puts the image onto two disks: one to verify, one that is open.</summary>
    public BitDisk(DiskImage image, string path)
    {
        _path = path;
        MachineShape shape = SampleDatabase.Shape(path, image.IsEncrypted, image.HasMore);
        _key = shape.Storage.Key;
        _disk = image.Mount(path);
        _openDisk = image.Mount(path);
        _process = new SimulatedProcess(_disk, shape, 9);
        _openProcess = new SimulatedProcess(_openDisk, shape, 9);
        _engine = StorageEngine.Open(_openProcess.Seams, path, shape.Storage);
        using StorageTransaction snapshot = _engine.Begin();
        foreach (SealedRows rows in snapshot.State.Catalog.Tables
            .SelectMany(static table => table.Rows.Layout.Parts.ToArray())
            .OfType<SealedRows>())
        {
            _segments[rows.File.Path[(path.Length + 1)..]] = rows.File;
        }
    }

    /// <summary>Looks at a file with a flipped bit.</summary>
    /// <param name="name">The file.</param>
    /// <param name="bit">The bit.</param>
    /// <param name="fault">What is wrong with the finding, or null.</param>
    /// <returns>The first finding, or null.</returns>
    public string? FindFlipped(string name, long bit, out string? fault)
    {
        bool isInPage = _segments.TryGetValue(name, out SegmentFile? segment)
            && IsInPage(segment, name, bit / 8);
        PagedBytes bytes = (isInPage ? _openDisk : _disk)[$"{_path}/{name}"];
        DiskImage.FlipBit(bytes, bit);
        try
        {
            return isInPage ? ReadPage(segment!, out fault) : Verify(out fault);
        }
        finally
        {
            DiskImage.FlipBit(bytes, bit);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _engine.Dispose();
        _openProcess.Dispose();
        _process.Dispose();
    }

    private bool IsInPage(SegmentFile segment, string name, long offset)
    {
        if (name == _place && offset >= _start && offset < _start + _length)
        {
            return true;
        }

        _place = name;
        for (_extent = 0; _extent < segment.Directory.Extents.Length; _extent++)
        {
            _start = segment.Pages.ExtentAt(_extent).Offset;
            for (_pageOfExtent = 0; _pageOfExtent < segment.Pages.PageCountOf(_extent);
                _pageOfExtent++)
            {
                _length = (int)segment.Pages.LengthOf(_extent, _pageOfExtent, 1);
                if (offset >= _start && offset < _start + _length)
                {
                    return true;
                }

                _start += _length;
            }
        }

        _place = string.Empty;
        return false;
    }

    private string? ReadPage(SegmentFile segment, out string? fault)
    {
        fault = null;
        try
        {
            segment.Pages.Read(_extent, _pageOfExtent, 1, _page.AsSpan(0, _length));
            return null;
        }
        catch (CorruptionException error)
        {
            bool isPlaced = error.FilePath == segment.Path && error.Offset == _start;
            fault = isPlaced ? null : $"the error does not say where: {error.Message}";
            return error.Message;
        }
    }

    private string? Verify(out string? fault)
    {
        fault = null;
        try
        {
            IReadOnlyList<IntegrityFinding> findings = DirectoryVerifier.Verify(
                _process.Seams, _path, _key, isQuick: true, CancellationToken.None);
            if (findings.Count == 0)
            {
                return null;
            }

            IntegrityFinding first = findings[0];
            fault = first.FilePath.Length > 0 && first.Offset >= 0
                ? null
                : $"verifying does not say where: {first}";
            return first.ToString();
        }
        catch (NeuroStoreException error)
        {
            fault = error.Code == ErrorCode.Corruption ? null : error.ToString();
            return error.Message;
        }
    }
}
