using System.Runtime.InteropServices;

namespace NeuroDb;

/// <summary>
/// fsync of a directory, which POSIX asks for before a new file name is durable and which .NET
/// does not offer. File systems that cannot flush a directory (EINVAL) need no flush.
/// </summary>
internal static partial class DirectoryFlush
{
    private const int ReadOnly = 0;
    private const int InvalidArgument = 22;

    /// <summary>Makes the names in the directory durable.</summary>
    public static void Flush(string path)
    {
        int descriptor = OpenDescriptor(path, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open directory {path}: errno {LastError()}");
        }

        int result = FlushDescriptor(descriptor);
        int error = LastError();
        _ = CloseDescriptor(descriptor);
        if (result != 0 && error != InvalidArgument)
        {
            throw new IOException($"Cannot flush directory {path}: errno {error}");
        }
    }

    private static int LastError() => Marshal.GetLastPInvokeError();

    [LibraryImport(
        "libc", EntryPoint = "open", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseDescriptor(int descriptor);
}
