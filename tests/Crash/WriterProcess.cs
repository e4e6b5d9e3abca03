using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// A writer in a process of its own, with what it acknowledged until it was killed.
/// </summary>
internal sealed class WriterProcess : IDisposable
{
    private const int StartTimeoutMs = 600_000;
    private readonly List<Acknowledgement> _acknowledged = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Process _process;
    private string _errors = string.Empty;

    /// <summary>Starts it.</summary>
    public WriterProcess(
        string path,
        ulong seed,
        Durability durability,
        IReadOnlyList<LedgerCheck.Bounds> bounds)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(WriterProcess).Assembly.Location);
        start.ArgumentList.Add("child");
        start.ArgumentList.Add(path);
        start.ArgumentList.Add(seed.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(durability.ToString());
        foreach (LedgerCheck.Bounds bound in bounds)
        {
            start.ArgumentList.Add(bound.Lowest.ToString(CultureInfo.InvariantCulture));
            start.ArgumentList.Add(bound.Highest.ToString(CultureInfo.InvariantCulture));
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors += line.Data;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>When it was killed, on the clock of the acknowledgements.</summary>
    public long KillTime { get; private set; }

    /// <summary>What it acknowledged; complete after the kill.</summary>
    public IReadOnlyList<Acknowledgement> Acknowledged => _acknowledged;

    /// <summary>Lets it run until it has acknowledged so many transactions.</summary>
    /// <returns>Why it ended by itself, or null.</returns>
    public string? WaitForCount(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!_arrived.Wait(StartTimeoutMs) || _process.HasExited)
            {
                return Fault();
            }
        }

        return null;
    }

    /// <summary>Lets it run for a time.</summary>
    /// <returns>Why it ended by itself, or null.</returns>
    public string? WaitForTime(int microseconds)
    {
        long start = Stopwatch.GetTimestamp();
        if (_process.WaitForExit(microseconds / 1000))
        {
            return Fault();
        }

        while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < microseconds)
        {
            Thread.SpinWait(10);
        }

        return null;
    }

    /// <summary>Kills it at once and reads what it said.</summary>
    public void Kill()
    {
        KillTime = Stopwatch.GetTimestamp();
        _process.Kill();
        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        _arrived.Dispose();
    }

    private string Fault()
    {
        if (!_process.HasExited)
        {
            return "the writer stands still after "
                + $"{_process.TotalProcessorTime.TotalMilliseconds} ms of processor time";
        }

        _process.WaitForExit();
        return $"the writer ended with code {_process.ExitCode}: {_errors}";
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            _arrived.Release();
            return;
        }

        // The last line may be cut.
        string[] words = line.Split(' ');
        if (words is [var writer, var number, var time, "."])
        {
            _acknowledged.Add(new Acknowledgement(
                int.Parse(writer, CultureInfo.InvariantCulture),
                long.Parse(number, CultureInfo.InvariantCulture),
                long.Parse(time, CultureInfo.InvariantCulture)));
            _arrived.Release();
        }
    }
}
