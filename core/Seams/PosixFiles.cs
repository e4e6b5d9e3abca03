using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NeuroDb;

/// <summary>
/// Calls of POSIX that .NET does not offer: fsync of a directory, which makes a new file name
/// durable, and reading a file that another process has locked, since locks are advice there.
/// </summary>
internal static partial class PosixFiles
{
    private const int ReadOnly = 0;
    private const int InvalidArgument = 22;

    /// <summary>Opens a file for reading, locked or not; null if that fails.</summary>
    public static SafeFileHandle? TryOpenForReading(string path) => TryOpen(path, ReadOnly);

    /// <summary>Opens an existing file with flags of the system; null if that fails.</summary>
    public static SafeFileHandle? TryOpen(string path, int flags)
    {
        int descriptor = OpenDescriptor(path, flags);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>
    /// Makes the names in the directory durable. File systems that cannot flush a directory
    /// (EINVAL) need no flush.
    /// </summary>
    public static void FlushDirectory(string path)
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
