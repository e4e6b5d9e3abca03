using Microsoft.Win32.SafeHandles;

namespace NeuroDb.Bench;

/// <summary>
/// What the device itself does: durable writes into a file whose blocks exist already, or at the
/// end of one that grows; through the system's cache or past it. The floor that durable commits
/// and bulk loads are compared with.
/// </summary>
internal sealed class RawWrites : IDisposable
{
    private const long FileSizeBytes = 64 << 20;
    private readonly SafeFileHandle _handle;
    private readonly Memory<byte> _block;
    private long _offset;

    /// <summary>Makes the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="blockSizeBytes">The bytes of each write.</param>
    /// <param name="isWritten">Whether the blocks exist before, or the writes make them.</param>
    /// <param name="isDirect">Whether the writes bypass the system's cache, if it can.</param>
    public RawWrites(
        string path, int blockSizeBytes, bool isWritten = true, bool isDirect = false)
    {
        _block = PinnedMemory.Allocate<byte>(blockSizeBytes);
        new Random(1).NextBytes(_block.Span);
        using (FileStream file = File.Create(path))
        {
            byte[] zeros = new byte[1 << 20];
            long size = isWritten ? FileSizeBytes : 0;
            for (long written = 0; written < size; written += zeros.Length)
            {
                file.Write(zeros);
            }

            file.Flush(flushToDisk: true);
        }

        _handle = File.OpenHandle(
            path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, FileOptions.WriteThrough);
        if (isDirect && DirectFile.TryOpen(_handle, writeThrough: true) is { } direct)
        {
            _handle.Dispose();
            _handle = direct;
        }
    }

    /// <summary>Writes the next block; durable on return.</summary>
    public void WriteNext()
    {
        RandomAccess.Write(_handle, _block.Span, _offset);
        _offset = (_offset + _block.Length) % (FileSizeBytes - _block.Length);
        _offset &= ~4095L;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
