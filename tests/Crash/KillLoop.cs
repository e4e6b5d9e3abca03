using System.Diagnostics;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// Starts the writers on one directory again and again, kills them at a random moment, and
/// compares the reopened database with what they had acknowledged.
/// </summary>
internal sealed class KillLoop : IDisposable
{
    /// <summary>What the name of the backup's directory ends with.</summary>
    public const string BackupSuffix = "-backup";

    /// <summary>Cycles on one directory, before a new one is begun.</summary>
    private const int LivesPerDirectory = 12;

    /// <summary>What an unwritten asynchronous commit may cost on a machine that is busy.</summary>
    private static readonly TimeSpan AsyncLossMax = TimeSpan.FromMilliseconds(2_200);

    private readonly SeededRandomSource _random;
    private readonly string _path;
    private readonly LedgerCheck.Bounds[] _bounds = new LedgerCheck.Bounds[Ledger.WriterCount + 1];
    private readonly bool _isShort;
    private long[]? _backedUp;
    private int _lives;

    /// <summary>Makes the loop over a fresh directory.</summary>
    /// <param name="seed">Of all choices.</param>
    /// <param name="isShort">Whether lives that take seconds are left out.</param>
    public KillLoop(ulong seed, bool isShort)
    {
        _random = new SeededRandomSource(seed);
        _isShort = isShort;
        _path = Path.Combine(
            Path.GetTempPath(), $"neurostore-kill-{Environment.ProcessId}-{seed}");
        Clear();
    }

    /// <summary>The transactions that were acknowledged in all cycles.</summary>
    public long AcknowledgedCount { get; private set; }

    /// <summary>The writers that were killed before they acknowledged anything.</summary>
    public int SilentCount { get; private set; }

    /// <summary>The backups that were opened and compared.</summary>
    public int BackupCount { get; private set; }

    /// <summary>The openings that found the log's end unfinished or not closed.</summary>
    public int ChildCheckCount { get; private set; }

    /// <summary>One life of the writers.</summary>
    /// <returns>What is wrong with the database afterwards, or null.</returns>
    public string? RunCycle()
    {
        if (_lives++ == LivesPerDirectory)
        {
            Clear();
            _lives = 1;
        }

        string? fault;
        try
        {
            fault = RunWriter() ?? Verify() ?? VerifyBackup();
        }
        catch (NeuroStoreException error)
        {
            fault = $"{error.Code}: {error.Message}";
        }

        if (fault is not null)
        {
            Clear();
            _lives = 0;
        }

        return fault;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private int Below(int bound) => (int)(_random.NextUInt64() % (ulong)bound);

    private void Clear()
    {
        _backedUp = null;
        foreach (string path in (string[])[_path, _path + BackupSuffix])
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }

        Array.Clear(_bounds);
        if (Below(2) == 0)
        {
            _bounds[Ledger.KeyPlace] = new LedgerCheck.Bounds(-1, -1);
        }
    }

    /// <summary>
    /// Kills some microseconds behind an acknowledgement, or at any moment of the process's life,
    /// also while it opens, recovers and makes the database.
    /// </summary>
    private string? RunWriter()
    {
        Durability durability = (Durability)Below(3);
        using var writer = new WriterProcess(
            _path, _random.NextUInt64() % 1_000_000, durability, _bounds);
        string? fault = null;
        switch (Below(24))
        {
            case < 8:
                fault = writer.WaitForTime(Below(Below(4) == 0 ? 1_500_000 : 400_000));
                break;
            case 8 when durability == Durability.Async && !_isShort:
                fault = writer.WaitForTime(2_500_000 + Below(1_000_000));
                break;
            default:
                fault = writer.WaitForCount(Ledger.WriterCount + Below(Below(4) == 0 ? 120 : 30))
                    ?? writer.WaitForTime(Below(3_000));
                break;
        }

        if (fault is not null)
        {
            return fault;
        }

        writer.Kill();
        SilentCount += writer.Acknowledged.Count == 0 ? 1 : 0;
        Take(writer, durability);
        return null;
    }

    /// <summary>
    /// What was acknowledged must be there, unless asynchronously and a moment ago; one more
    /// transaction of each writer may be, whose commit had not returned.
    /// </summary>
    private void Take(WriterProcess writer, Durability durability)
    {
        long[] highest = Array.ConvertAll(_bounds, static bound => bound.Highest);
        long deadline = durability == Durability.Async
            ? writer.KillTime - (long)(AsyncLossMax.TotalSeconds * Stopwatch.Frequency)
            : long.MaxValue;
        bool isFirst = true;
        foreach (Acknowledgement line in writer.Acknowledged)
        {
            LedgerCheck.Bounds bound = _bounds[line.Writer];
            highest[line.Writer] = line.Number;

            // The first lines say what the child found on the disk: that is durable, and so is
            // a change of the key.
            bool isDurable =
                isFirst || line.Time < deadline || line.Writer == Ledger.KeyPlace;
            isFirst = line.Writer < Ledger.KeyPlace && isFirst;
            _bounds[line.Writer] = bound with
            {
                Lowest = isDurable ? line.Number : bound.Lowest,
            };
            AcknowledgedCount++;
        }

        bool hasSpoken = writer.Acknowledged.Count > 0;
        for (int i = 0; i < _bounds.Length; i++)
        {
            long next = hasSpoken ? highest[i] + 1 : Math.Max(_bounds[i].Highest, 1);
            if (i == Ledger.KeyPlace && (highest[i] < 0 || !hasSpoken))
            {
                next = _bounds[i].Highest;
            }

            _bounds[i] = _bounds[i] with { Highest = next };
        }
    }

    /// <summary>Half of the time the next child is the first who sees what the kill left.</summary>
    private string? Verify()
    {
        if (Below(2) == 0)
        {
            ChildCheckCount++;
            return null;
        }

        using NeuroStore database = WriterOptions.Open(
            _path,
            WriterOptions.Of(_random.NextUInt64(), Durability.Full, key: -1),
            _bounds[Ledger.KeyPlace],
            out long key);
        string? fault = LedgerCheck.Run(database, _bounds, out long[] lasts);
        for (int i = 0; i < lasts.Length; i++)
        {
            _bounds[i] = new LedgerCheck.Bounds(lasts[i], lasts[i]);
        }

        _bounds[Ledger.KeyPlace] = new LedgerCheck.Bounds(key, key);
        return fault;
    }

    /// <summary>
    /// What is left of a backup, also of one in the middle of which the writer was killed, holds
    /// whole transactions, no fewer than at the last look and none that was never run.
    /// </summary>
    private string? VerifyBackup()
    {
        if (!File.Exists(Path.Combine(_path + BackupSuffix, "SUPER")))
        {
            return _backedUp is null ? null : "the backup is gone";
        }

        var options = new NeuroStoreOptions { IsReadOnly = true };
        var keys = new LedgerCheck.Bounds(
            Math.Min(_bounds[Ledger.KeyPlace].Lowest, 0), _bounds[Ledger.KeyPlace].Highest);
        using NeuroStore backup = WriterOptions.Open(
            _path + BackupSuffix, options, keys, out _);
        var bounds = new LedgerCheck.Bounds[Ledger.WriterCount];
        for (int i = 0; i < bounds.Length; i++)
        {
            bounds[i] = new LedgerCheck.Bounds(_backedUp?[i] ?? 0, _bounds[i].Highest);
        }

        string? fault = LedgerCheck.Run(backup, bounds, out _backedUp);
        BackupCount++;
        return fault is null ? null : $"the backup: {fault}";
    }
}
