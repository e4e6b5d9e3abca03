namespace NeuroDb.Storage;

/// <summary>
/// Copies files that never change, whole or not at all: under another name first, which becomes the
/// right one when every byte is durable. So a file of the right name is a whole file.
/// </summary>
internal static class FileCopy
{
    /// <summary>The end of the name of a file that is not whole yet.</summary>
    public const string PartSuffix = ".part";

    private const int BufferSizeBytes = 1 << 20;

    // A segment ends with its footer, which checks its directory and thereby every page; smaller
    // files end with the checksum of all their bytes.
    private const int EndSizeBytes = 4096;

    /// <summary>Whether two files have one length and one end.</summary>
    public static bool IsSame(IFileSystem files, string first, string second)
    {
        using IFile one = files.Open(first, FileOpenKind.Read);
        using IFile other = files.Open(second, FileOpenKind.Read);
        if (one.Length != other.Length)
        {
            return false;
        }

        Span<byte> left = stackalloc byte[EndSizeBytes];
        Span<byte> right = stackalloc byte[EndSizeBytes];
        long at = Math.Max(0, one.Length - EndSizeBytes);
        int count = one.Read(at, left);
        return other.Read(at, right) == count && left[..count].SequenceEqual(right[..count]);
    }

    /// <summary>Copies a file; durable on return but for its name.</summary>
    /// <returns>The bytes.</returns>
    public static long Run(
        IFileSystem files, string source, string target, CancellationToken cancellation)
    {
        string part = target + PartSuffix;
        files.Delete(part);
        long length = 0;
        using (IFile from = files.Open(source, FileOpenKind.Read))
        using (IFile to = files.Open(part, FileOpenKind.Create))
        {
            var buffer = new byte[Math.Min(BufferSizeBytes, Math.Max(1, from.Length))];
            int count = from.Read(0, buffer);
            while (count > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                to.Write(length, buffer.AsSpan(0, count));
                length += count;
                count = from.Read(length, buffer);
            }

            to.Flush();
        }

        files.Move(part, target);
        return length;
    }

    /// <summary>Removes what an interrupted copy left in a directory.</summary>
    public static void RemoveParts(IFileSystem files, string directory)
    {
        foreach (string path in files.List(directory))
        {
            if (path.EndsWith(PartSuffix, StringComparison.Ordinal))
            {
                files.Delete(path);
            }
        }
    }
}
