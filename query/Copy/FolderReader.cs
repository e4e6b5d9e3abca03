using System.Text;
using System.Text.Unicode;

namespace NeuroDb.Query;

/// <summary>
/// Reads a folder that has a folder of images, sounds or texts for each label, in the order of the
/// names; without a column for labels, files may also lie in the folder itself. A file that cannot
/// be read, or has no label, is rejected by its path.
/// </summary>
internal sealed class FolderReader : CopyRowReader
{
    private readonly CopyFiles _files;
    private readonly FileColumns _columns;
    private readonly CopyRejects _rejects;
    private readonly ExecutionContext _context;
    private readonly List<(string? Label, string Path)> _found = [];
    private readonly HashSet<string> _folders = [];
    private readonly int _rootLength;
    private readonly bool _isText;
    private int _next;

    /// <summary>Begins: finds the files and chooses the columns.</summary>
    public FolderReader(
        CopyFiles files,
        string path,
        CopyFormat format,
        IReadOnlyList<ColumnSchema> columns,
        CopyRejects rejects,
        ExecutionContext context)
    {
        _files = files;
        _isText = format == CopyFormat.TextFolder;
        _rejects = rejects;
        _context = context;
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _rootLength = root.Length + 1;
        _columns = new FileColumns(Path.GetFileName(root), columns, format);
        _folders.Add(files.FollowLinks(root));
        foreach (string item in files.List(root))
        {
            if (files.IsFolder(item))
            {
                Collect(Path.GetFileName(item), item);
            }
            else
            {
                _found.Add((null, item));
            }
        }

        if (_found.Count == 0)
        {
            throw _columns.Malformed("there is no file in a folder of this folder.");
        }
    }

    /// <inheritdoc/>
    public override long Consumed => _next;

    /// <inheritdoc/>
    public override long Length => _found.Count;

    /// <inheritdoc/>
    public override CopiedRows? Next()
    {
        if (_next == _found.Count)
        {
            return null;
        }

        long size = 0;
        while (_next < _found.Count && _columns.Count < Limits.BatchRowCount
            && size < BatchSizeBytesMax)
        {
            _context.ThrowIfCancelled();
            (string? label, string path) = _found[_next++];
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

        byte[] bytes = _files.ReadAll(path, Limits.ValueSizeBytesMax);
        _columns.Add(
            _next,
            label is null ? Value.Null : Value.Of(label),
            path[_rootLength..],
            _isText ? Value.Of(TextOf(bytes)) : Value.Of(bytes));
        return bytes.Length;
    }

    private static string TextOf(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.StartsWith(Encoding.UTF8.Preamble)
            ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        return Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : throw new NeuroStoreException(
                ErrorCode.MalformedFile, "It is no text in UTF-8.");
    }

    /// <summary>A folder that was read under another name is not read again.</summary>
    private void Collect(string label, string folder)
    {
        if (!_folders.Add(_files.FollowLinks(folder)))
        {
            return;
        }

        foreach (string item in _files.List(folder))
        {
            _context.ThrowIfCancelled();
            if (_files.IsFolder(item))
            {
                Collect(label, item);
            }
            else
            {
                _found.Add((label, item));
            }
        }
    }
}
