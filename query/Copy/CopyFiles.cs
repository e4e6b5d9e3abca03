namespace NeuroDb.Query;

/// <summary>
/// The one way from statements to files outside the database: every path that SQL names is
/// resolved here, so this is where the roots that paths may not leave are enforced.
/// </summary>
/// <remarks>
/// With roots, a path is opened as what it leads to after all symbolic links, and that must lie
/// below a root. Somebody who may change folders between the check and the opening, or make hard
/// links in a root, is not kept out.
/// </remarks>
internal sealed class CopyFiles(IFileSystem files, IReadOnlyList<string>? roots = null)
{
    /// <summary>Opens a file that a statement reads.</summary>
    public IFile OpenForReading(string path)
    {
        string full = Resolve(path);
        if (!files.FileExists(full))
        {
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                $"There is no file {full}. Relative paths begin at the working directory of the "
                + "process.");
        }

        return Guard(full, () => files.Open(full, FileOpenKind.Read));
    }

    /// <summary>The content of a file that a statement reads at once, up to a size.</summary>
    public byte[] ReadAll(string path, int sizeBytesMax = 0x7FFFFFC7)
    {
        using IFile file = OpenForReading(path);
        LargeValue.CheckSize(file.Length, sizeBytesMax);
        var bytes = new byte[file.Length];
        int length = Guard(path, () => file.Read(0, bytes));
        return length == bytes.Length ? bytes : bytes[..length];
    }

    /// <summary>
    /// The full paths directly inside a folder, in the order of their code units; what begins with
    /// a dot is left out.
    /// </summary>
    public IReadOnlyList<string> List(string folder)
    {
        string full = Resolve(folder);
        if (!files.DirectoryExists(full))
        {
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                $"There is no folder {full}. Relative paths begin at the working directory of the "
                + "process.");
        }

        List<string> paths = [.. Guard(full, () => files.List(full))
            .Where(path => !Path.GetFileName(path).StartsWith('.'))];
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    /// <summary>Whether a path is a folder.</summary>
    public bool IsFolder(string path) => files.DirectoryExists(Resolve(path));

    /// <summary>
    /// Opens a file that a statement writes. It has another name until it is whole, so that
    /// neither a reader nor a failure meets half of it.
    /// </summary>
    public CopyOutput Create(string path)
    {
        string full = Resolve(path);
        string partial = full + ".partial";
        return Guard(full, () =>
        {
            files.Delete(partial);
            return new CopyOutput(
                files.Open(partial, FileOpenKind.Create), files, partial, full);
        });
    }

    /// <summary>
    /// The full path of what a statement names; an error if it lies outside the roots.
    /// </summary>
    public string Resolve(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                "The statement needs the path of a file, and this one is none.");
        }

        string full = Path.GetFullPath(path);
        if (roots is null)
        {
            return full;
        }

        string real = FollowLinks(full);
        foreach (string root in roots)
        {
            string folder = Path.TrimEndingDirectorySeparator(FollowLinks(root));
            if (real == folder || (real.StartsWith(folder, StringComparison.Ordinal)
                && (real[folder.Length] == Path.DirectorySeparatorChar
                    || Path.EndsInDirectorySeparator(folder))))
            {
                return real;
            }
        }

        throw new NeuroStoreException(
            ErrorCode.FileOutsideRoots,
            $"{path} lies outside the folders that are open to statements. Move the file, or "
            + "open the database with its folder among FileRoots.");
    }

    /// <summary>What a path leads to after all symbolic links.</summary>
    public string FollowLinks(string path) => Guard(path, () => files.FollowLinks(path));

    private static T Guard<T>(string path, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                $"The file {path} cannot be opened: {error.Message}",
                default,
                error);
        }
    }
}
