using System.Diagnostics;

namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Tells a run that stands still from one that is given no processor: a period counts only if a
/// piece of work of known size took about as long as it does on an idle machine.
/// </summary>
internal sealed class Patience(int periodsMax)
{
    private const int ProbeSpins = 2_000_000;
    private const int StarvedFactor = 4;

    private TimeSpan _shortest = TimeSpan.MaxValue;
    private long _last = -1;
    private int _periods;

    /// <summary>Called at the end of each period; whether patience has come to its end.</summary>
    public bool IsOver(long progress)
    {
        long start = Stopwatch.GetTimestamp();
        Thread.SpinWait(ProbeSpins);
        TimeSpan probe = Stopwatch.GetElapsedTime(start);
        _shortest = probe < _shortest ? probe : _shortest;
        if (progress != _last)
        {
            (_last, _periods) = (progress, 0);
        }
        else if (probe < StarvedFactor * _shortest)
        {
            _periods++;
        }

        return _periods > periodsMax;
    }
}
