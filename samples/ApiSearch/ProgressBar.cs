using System.Diagnostics;

namespace NeuroDb.Samples.ApiSearch;

/// <summary>
/// A bar on one line of the terminal, redrawn ten times a second; nothing where the output goes to
/// a file or a pipe.
/// </summary>
internal sealed class ProgressBar : IDisposable
{
    private const int Width = 40;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly string _label;
    private readonly int _total;
    private readonly bool _isVisible = !Console.IsOutputRedirected;
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _next = Interval;

    /// <summary>Starts at 0 of the total.</summary>
    public ProgressBar(string label, int total)
    {
        _label = label;
        _total = Math.Max(total, 1);
    }

    /// <summary>Shows how much is done.</summary>
    public void Report(int done)
    {
        if (!_isVisible || Stopwatch.GetElapsedTime(_start) < _next)
        {
            return;
        }

        _next = Stopwatch.GetElapsedTime(_start) + Interval;
        int filled = (int)((long)done * Width / _total);
        string bar = new string('#', filled).PadRight(Width, '.');
        Console.Write($"\r{_label}[{bar}] {done:N0} of {_total:N0}");
    }

    /// <summary>Wipes the bar.</summary>
    public void Dispose()
    {
        if (_isVisible)
        {
            Console.Write($"\r{new string(' ', _label.Length + Width + 30)}\r");
        }
    }
}
