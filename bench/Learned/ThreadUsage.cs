using System.Globalization;
using System.Text;

namespace NeuroDb.Bench;

/// <summary>
/// How long one thread was ready to run while others ran, as the system says. Belongs to the thread
/// that made it; elsewhere than on Linux always zero.
/// </summary>
internal sealed class ThreadUsage : IDisposable
{
    private readonly FileStream? _file;
    private readonly byte[] _text = new byte[128];

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

        int count = RandomAccess.Read(_file.SafeFileHandle, _text, 0);
        string ready = Encoding.ASCII.GetString(_text, 0, count).Split(' ')[1];
        return long.Parse(ready, CultureInfo.InvariantCulture) / 1e6;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
