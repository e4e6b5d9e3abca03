using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace NeuroDb.Bench;

/// <summary>
/// How long one thread was ready to run while others ran, and how often it waited, as the system
/// says. Belongs to the thread that made it. Elsewhere than on Linux nobody knows: it was never
/// ready, and has waited since the last time.
/// </summary>
internal sealed partial class ThreadUsage : IDisposable
{
    private const int ThisThread = 1;
    private readonly FileStream? _file;
    private readonly byte[] _text = new byte[128];
    private long _unknownCount;

    /// <summary>Opens what the system says of this thread.</summary>
    public ThreadUsage()
    {
        const string Path = "/proc/thread-self/schedstat";
        if (File.Exists(Path))
        {
            _file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        }
    }

    /// <summary>That time so far, in milliseconds.</summary>
    public double ReadyMs()
    {
        if (_file is null)
        {
            return 0;
        }

        // The second of three numbers; without garbage, which would be counted as the database's.
        int count = RandomAccess.Read(_file.SafeFileHandle, _text, 0);
        ReadOnlySpan<byte> text = _text.AsSpan(0, count);
        text = text[(text.IndexOf((byte)' ') + 1)..];
        bool isNumber = Utf8Parser.TryParse(text, out long ready, out _);
        return isNumber
            ? ready / 1e6
            : throw new InvalidDataException("the system tells the times of a thread otherwise");
    }

    /// <summary>How often it gave its processor up, to wait for something, so far.</summary>
    public long WaitCount() =>
        _file is not null && GetUsage(ThisThread, out Usage usage) == 0
            ? usage.WaitCount
            : ++_unknownCount;

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, out Usage usage);

    // Two times of two numbers and 14 counts, the last but one of which is this.
    [StructLayout(LayoutKind.Explicit, Size = 18 * sizeof(long))]
    private struct Usage
    {
        [FieldOffset(16 * sizeof(long))]
        public long WaitCount;
    }
}
