using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NeuroDb;

/// <summary>The file system of the operating system.</summary>
internal sealed class PhysicalFileSystem : IFileSystem
{
    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(full);
        if (parent is not null)
        {
            CreateDirectory(parent);
        }

        Directory.CreateDirectory(full);
        if (parent is not null)
        {
            FlushDirectory(parent);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string directory) =>
        Directory.GetFileSystemEntries(directory);

    /// <inheritdoc/>
    public string FollowLinks(string path)
    {
        // As many links as Linux follows; a ring of them has no end.
        const int LinksMax = 40;
        string full = Path.GetFullPath(path);
        for (int links = 0; links <= LinksMax; links++)
        {
            if (NextLink(full) is not (string link, string target))
            {
                return full;
            }

            string rest = full[link.Length..].TrimStart(Path.DirectorySeparatorChar);
            full = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(link)!, target, rest));
        }

        throw new IOException($"Too many symbolic links in {path}.");
    }

    /// <inheritdoc/>
    public IFile Open(string path, FileOpenKind kind, bool writeThrough = false)
    {
        FileMode mode = kind == FileOpenKind.Create ? FileMode.CreateNew : FileMode.Open;
        FileAccess access = kind == FileOpenKind.Read ? FileAccess.Read : FileAccess.ReadWrite;
        FileOptions options = writeThrough ? FileOptions.WriteThrough : FileOptions.None;
        try
        {
            return new PhysicalFile(
                path,
                File.OpenHandle(path, mode, access, FileShare.ReadWrite, options),
                writeThrough);
        }
        catch (IOException) when (kind == FileOpenKind.Read && !OperatingSystem.IsWindows())
        {
            // Another process may hold the lock: its note is still there to be read.
            SafeFileHandle? handle = PosixFiles.TryOpenForReading(path);
            if (handle is null)
            {
                throw;
            }

            return new PhysicalFile(path, handle, isWriteThrough: false);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void Move(string source, string target) => File.Move(source, target, overwrite: true);

    /// <inheritdoc/>
    public void FlushDirectory(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            PosixFiles.FlushDirectory(path);
        }
    }

    private static (string Link, string Target)? NextLink(string full)
    {
        int root = Path.GetPathRoot(full)!.Length;
        for (int end = root; end < full.Length; end++)
        {
            end = full.IndexOf(Path.DirectorySeparatorChar, end);
            end = end < 0 ? full.Length : end;
            string part = full[..end];
            if (new FileInfo(part).LinkTarget is string target)
            {
                return (part, target);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path, string holder)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }

        bool isNoted = false;
        try
        {
            stream.SetLength(0);
            stream.Write(Encoding.UTF8.GetBytes(holder));
            stream.Flush();
            isNoted = true;
        }
        finally
        {
            // A disk without room must not leave a lock that nobody can give back.
            if (!isNoted)
            {
                stream.Dispose();
            }
        }

        return stream;
    }
}
