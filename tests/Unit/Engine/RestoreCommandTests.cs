using System.Diagnostics;

namespace NeuroDb.Tests.Unit;

/// <summary>Going back to a moment on a real disk, from a program and from the shell.</summary>
public sealed class RestoreCommandTests : IDisposable
{
    private readonly string _path =
        Path.Combine(Path.GetTempPath(), "neurostore-restore-" + Guid.NewGuid().ToString("N"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_that_were_deleted_are_in_the_database_of_the_moment_before(bool isEncrypted)
    {
        using EncryptionKey? key = isEncrypted ? EncryptionKey.FromPassword("restore me") : null;
        using NeuroStore database = NeuroStore.Open(At("db"), new NeuroStoreOptions
        {
            EncryptionKey = key,
            RetainLog = new LogRetention { Time = TimeSpan.FromDays(1) },
        });
        database.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)");
        database.Execute("INSERT INTO t VALUES (1, 'one'), (2, 'two')");
        database.Execute("CHECKPOINT");
        database.Execute("INSERT INTO t VALUES (3, 'three')");
        BackupSummary backup = database.BackUp(At("backup"));
        database.Execute("INSERT INTO t VALUES (4, 'four')");
        DateTimeOffset before = WaitForLater(DateTimeOffset.MinValue);
        WaitForLater(before);
        database.Execute("DELETE FROM t");
        database.Execute("VACUUM");
        var options = new RestoreOptions { EncryptionKey = key };
        RestoreSummary summary = NeuroStore.Restore(At("db"), At("then"), before, options);
        Assert.Equal(backup.LastCommit + 1, summary.LastCommit);
        Assert.Equal(4, Count("then", key));
        NeuroStore.Restore(
            At("backup"), At("later"), before, options with { LogPath = At("db") });
        Assert.Equal(4, Count("later", key));
        NeuroStore.Restore(At("db"), At("backed-up"), backup.LastCommit, options);
        Assert.Equal(3, Count("backed-up", key));
        Assert.Equal(0L, database.QueryScalar<long>("SELECT count(*) FROM t"));
        Assert.Empty(NeuroStore.Verify(At("then"), key));
    }

    [Fact]
    public void The_shell_restores_and_says_what_is_possible()
    {
        long last;
        using (NeuroStore database = NeuroStore.Open(At("db"), new NeuroStoreOptions
        {
            RetainLog = new LogRetention { SizeBytes = 1 << 30 },
        }))
        {
            database.Execute("CREATE TABLE t (id INTEGER)");
            database.Execute("INSERT INTO t VALUES (1)");
            last = database.BackUp(At("backup")).LastCommit;
            database.Execute("INSERT INTO t VALUES (2)");
        }

        (int code, string output) = Run(
            "restore", At("db"), "INTO", At("one"), "--commit", $"{last}");
        Assert.Equal(0, code);
        Assert.Contains($"restored to commit {last}", output, StringComparison.Ordinal);
        Assert.Equal(1, Count("one", null));
        (code, output) = Run(
            "restore", At("backup"), "INTO", At("two"), "--log", At("db"), "--commit",
            $"{last + 1}");
        Assert.Equal(0, code);
        Assert.Equal(2, Count("two", null));
        (code, output) = Run(
            "restore", At("db"), "INTO", At("none"), "--at", "2001-01-01T00:00:00Z");
        Assert.Equal(1, code);
        Assert.Contains("The first state that can be restored", output, StringComparison.Ordinal);
        (code, _) = Run("restore", At("db"), "INTO", At("none"));
        Assert.Equal(1, code);
    }

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private string At(string name) => Path.Combine(_path, name);

    private long Count(string name, EncryptionKey? key)
    {
        using NeuroStore database = NeuroStore.Open(
            At(name), new NeuroStoreOptions { EncryptionKey = key });
        return database.QueryScalar<long>("SELECT count(*) FROM t");
    }

    // The time of the system, once it is later than another.
    private static DateTimeOffset WaitForLater(DateTimeOffset moment)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        while (now <= moment.AddTicks(TimeSpan.TicksPerMillisecond))
        {
            Thread.Yield();
            now = TimeProvider.System.GetUtcNow();
        }

        return now;
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(Cli.Repair).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text + errors.Result);
    }
}
