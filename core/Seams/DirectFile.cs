using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NeuroDb;

/// <summary>
/// A second handle of a file, whose writes go from memory to the device and leave the system's
/// cache alone: a large file is then written at the device's speed instead of that of fresh cache
/// pages, and does not push out what others read. Offset, length and memory must be aligned; where
/// the system has no such handle the caller writes as ever. Linux only.
/// </summary>
internal static class DirectFile
{
    /// <summary>
    /// The error of a system that has the handle and does not take a write of our alignment.
    /// </summary>
    public const int InvalidArgument = 22;

    /// <summary>What offset, length and address of a write must be a multiple of.</summary>
    public const int AlignmentBytes = 4096;

    // Values of the Linux kernel; O_DIRECT is one of the few that differ between processors.
    private const int ReadWrite = 2;
    private const int DataSynchronous = 0x1000;
    private const int CloseOnExecute = 0x80000;
    private const int DirectOnX64 = 0x4000;
    private const int DirectOnArm64 = 0x10000;

    /// <summary>Whether a write can go through such a handle.</summary>
    public static unsafe bool IsAligned(long offset, ReadOnlySpan<byte> data)
    {
        long address = (long)Unsafe.AsPointer(ref MemoryMarshal.GetReference(data));
        return offset % AlignmentBytes == 0
            && data.Length % AlignmentBytes == 0
            && address % AlignmentBytes == 0;
    }

    /// <summary>Opens an open file once more; null where that is not to be had.</summary>
    /// <param name="file">The file; it may have got another name.</param>
    /// <param name="writeThrough">Whether each write is durable when it returns.</param>
    public static SafeFileHandle? TryOpen(SafeFileHandle file, bool writeThrough)
    {
        int direct = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => DirectOnX64,
            Architecture.Arm64 => DirectOnArm64,
            _ => 0,
        };
        if (!OperatingSystem.IsLinux() || direct == 0)
        {
            return null;
        }

        int flags = ReadWrite | CloseOnExecute | direct | (writeThrough ? DataSynchronous : 0);
        return PosixFiles.TryOpen(
            string.Create(
                CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}"),
            flags);
    }
}
