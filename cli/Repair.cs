namespace NeuroDb.Cli;

/// <summary>The commands for databases that may be damaged.</summary>
internal static class Repair
{
    /// <summary>Verifies a database; 0 if it is whole, 1 if not.</summary>
    public static int Verify(string path, bool isQuick, KeyOptions keys) => Run(() =>
    {
        using EncryptionKey? key = keys.ReadKey();
        IReadOnlyList<IntegrityIssue> issues = NeuroStore.Verify(path, key, isQuick);
        foreach (IntegrityIssue issue in issues)
        {
            Console.Out.WriteLine(issue);
        }

        if (issues.Count == 0)
        {
            Console.Out.WriteLine("ok");
        }

        return issues.Count == 0;
    });

    /// <summary>Salvages a database; 0 if nothing is lost, 1 if something is.</summary>
    public static int Salvage(string path, string into, string target, KeyOptions keys) => Run(() =>
    {
        if (!into.Equals("into", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("Write: neurostore salvage PATH INTO NEWPATH");
        }

        using EncryptionKey? key = keys.ReadKey();
        SalvageReport report = NeuroStore.Salvage(path, target, key);
        foreach ((string table, long count) in report.Tables)
        {
            Console.Out.WriteLine($"table {table}: {count} rows");
        }

        foreach (SalvageIssue loss in report.Losses)
        {
            Console.Out.WriteLine(loss);
        }

        Console.Out.WriteLine(report.Losses.Count == 0
            ? "nothing is lost"
            : $"{report.Losses.Count} things are lost or undecided");
        return report.Losses.Count == 0;
    });

    /// <summary>Makes a database as it was at a moment; 0 on success, 1 if not.</summary>
    public static int Restore(
        string path, string into, string target, RestoreRequest request, KeyOptions keys) =>
        Run(() =>
        {
            bool isSound = into.Equals("into", StringComparison.OrdinalIgnoreCase)
                && request.Moment is null != request.Commit is null;
            if (!isSound)
            {
                throw new ArgumentException(
                    "Write: neurostore restore PATH INTO NEWPATH --at MOMENT (or --commit N)");
            }

            using EncryptionKey? key = keys.ReadKey();
            var options = new RestoreOptions
            {
                EncryptionKey = key,
                LogPath = request.LogPath,
            };
            RestoreSummary summary = request.Commit is long commit
                ? NeuroStore.Restore(path, target, commit, options)
                : NeuroStore.Restore(path, target, request.Moment!.Value, options);
            Console.Out.WriteLine(
                $"restored to commit {summary.LastCommit} of {summary.LastMoment:u}; "
                + $"{summary.ReplayedCommitCount} commits came from the log");
            return true;
        });

    private static int Run(Func<bool> command)
    {
        try
        {
            return command() ? 0 : 1;
        }
        catch (Exception error) when (error is NeuroStoreException or ArgumentException
            or IOException or UnauthorizedAccessException)
        {
            ErrorPrinter.Print(Console.Error, error, string.Empty);
            return 1;
        }
    }
}
