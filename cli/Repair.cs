namespace NeuroDb.Cli;

/// <summary>The commands for databases that may be damaged.</summary>
internal static class Repair
{
    /// <summary>Verifies a database; 0 if it is whole, 1 if not.</summary>
    public static int Verify(string path, bool isQuick, KeyOptions keys)
    {
        try
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

            return issues.Count == 0 ? 0 : 1;
        }
        catch (Exception error) when (error is NeuroStoreException or ArgumentException
            or IOException or UnauthorizedAccessException)
        {
            ErrorPrinter.Print(Console.Error, error, string.Empty);
            return 1;
        }
    }
}
