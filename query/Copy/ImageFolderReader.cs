using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Reads a folder that has a folder of images for each label, in the order of the names. A file
/// that is no image, or has no label, is rejected by its path.
/// </summary>
internal sealed class ImageFolderReader : CopyRowReader
{
    private readonly CopyFiles _files;
    private readonly ImageColumns _columns;
    private readonly CopyRejects _rejects;
    private readonly ExecutionContext _context;
    private readonly List<(string? Label, string Path)> _images = [];
    private readonly int _rootLength;
    private int _next;

    /// <summary>Begins: finds the files and chooses the columns.</summary>
    public ImageFolderReader(
        CopyFiles files,
        string path,
        IReadOnlyList<ColumnSchema> columns,
        CopyRejects rejects,
        ExecutionContext context)
    {
        _files = files;
        _rejects = rejects;
        _context = context;
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _rootLength = root.Length + 1;
        _columns = new ImageColumns(Path.GetFileName(root), columns);
        foreach (string item in files.List(root))
        {
            if (files.IsFolder(item))
            {
                Collect(Path.GetFileName(item), item);
            }
            else
            {
                _images.Add((null, item));
            }
        }

        if (_images.Count == 0)
        {
            throw _columns.Malformed("there is no file in a folder of this folder.");
        }
    }

    /// <inheritdoc/>
    public override long Consumed => _next;

    /// <inheritdoc/>
    public override long Length => _images.Count;

    /// <inheritdoc/>
    public override CopiedRows? Next()
    {
        if (_next == _images.Count)
        {
            return null;
        }

        long size = 0;
        while (_next < _images.Count && _columns.Count < Limits.BatchRowCount
            && size < BatchSizeBytesMax)
        {
            _context.ThrowIfCancelled();
            (string? label, string path) = _images[_next++];
            try
            {
                size += Add(label, path);
            }
            catch (NeuroStoreException error)
            {
                string name = path[_rootLength..];
                _rejects.Add(
                    _next,
                    null,
                    new NeuroStoreException(error.Code, $"{name}: {error.Message}"),
                    Encoding.UTF8.GetBytes(name));
            }
        }

        return _columns.Take();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // Each file is closed as soon as it is read.
    }

    private long Add(string? label, string path)
    {
        if (label is null && _columns.HasLabels)
        {
            throw new NeuroStoreException(
                ErrorCode.MalformedFile, "It lies in no folder that would be its label.");
        }

        byte[] bytes = _files.ReadAll(path);
        _columns.Add(_next, label is null ? Value.Null : Value.Of(label), bytes);
        return bytes.Length;
    }

    private void Collect(string label, string folder)
    {
        foreach (string item in _files.List(folder))
        {
            _context.ThrowIfCancelled();
            if (_files.IsFolder(item))
            {
                Collect(label, item);
            }
            else
            {
                _images.Add((label, item));
            }
        }
    }
}
