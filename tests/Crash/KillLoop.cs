using System.Diagnostics;
using System.Globalization;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// Starts the writer on one directory again and again, kills it at a random moment, and compares
/// the reopened database with what the writer had acknowledged.
/// </summary>
internal sealed class KillLoop : IDisposable
{
    private readonly SeededRandomSource _random;
    private readonly string _path;

    /// <summary>Makes the loop over a fresh directory.</summary>
    public KillLoop(ulong seed)
    {
        _random = new SeededRandomSource(seed);
        _path = Path.Combine(
            Path.GetTempPath(), $"neurostore-kill-{Environment.ProcessId}-{seed}");
        Clear();
    }

    /// <summary>The transactions that were acknowledged in all cycles.</summary>
    public long AcknowledgedCount { get; private set; }

    /// <summary>One life of the writer.</summary>
    /// <returns>What is wrong with the database afterwards, or null.</returns>
    public string? RunCycle()
    {
        int wanted = (int)(_random.NextUInt64() % 60);
        long acknowledged = RunWriter(wanted, _random.NextUInt64() % 1_000_000);
        try
        {
            return Verify(acknowledged);
        }
        catch (NeuroStoreException error)
        {
            return $"{error.Code}: {error.Message}";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private void Clear()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    /// <summary>
    /// Lets the writer acknowledge so many transactions, and some more, then kills it.
    /// </summary>
    private long RunWriter(int wanted, ulong seed)
    {
        string assembly = typeof(KillLoop).Assembly.Location;
        string[] arguments =
            ["exec", assembly, "child", _path, seed.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        using Process writer = Process.Start(start)!;
        long last = 0;
        for (int seen = 0; seen <= wanted; seen++)
        {
            string? line = writer.StandardOutput.ReadLine();
            if (line is null)
            {
                writer.WaitForExit();
                throw new InvalidOperationException(
                    $"The writer ended by itself with code {writer.ExitCode}.");
            }

            last = long.Parse(line, CultureInfo.InvariantCulture);
            AcknowledgedCount++;
        }

        writer.Kill();
        while (writer.StandardOutput.ReadLine() is { Length: > 0 } line)
        {
            if (long.TryParse(line, CultureInfo.InvariantCulture, out long more)
                && more == last + 1)
            {
                last = more;
            }
        }

        writer.WaitForExit();
        return last;
    }

    private string? Verify(long acknowledged)
    {
        using NeuroStore database = NeuroStore.Open(_path);
        long last = database.QueryScalar<long>("SELECT last FROM progress");
        if (last < acknowledged || last > acknowledged + 1)
        {
            return $"transaction {acknowledged} was acknowledged, the database ends with {last}";
        }

        SortedDictionary<long, long> expected = Ledger.StateAfter(last);
        using ResultReader rows = database.Query(
            "SELECT id, side, amount, vec FROM entries ORDER BY id");
        foreach ((long id, long amount) in expected)
        {
            if (!rows.Read() || rows.GetInt64(0) != id)
            {
                return $"row {id} is missing after transaction {last}";
            }

            if (rows.GetInt64(2) != amount
                || rows.GetString(1) != Ledger.SideOf(id)
                || !rows.GetVector(3).Span.SequenceEqual(Ledger.VectorOf(id)))
            {
                return $"row {id} has other contents after transaction {last}";
            }
        }

        return rows.Read() ? $"row {rows.GetInt64(0)} should not exist" : null;
    }
}
