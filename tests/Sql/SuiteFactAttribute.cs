namespace NeuroDb.Tests.Sql;

/// <summary>
/// A test over the public sqllogictest suite; skipped, with its reason, where it is absent.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SuiteFactAttribute : FactAttribute
{
    public SuiteFactAttribute()
    {
        if (ArchivePath is null)
        {
            Skip = "The public sqllogictest suite is not on this machine; "
                + "set NEUROSTORE_SUITES to the folder that holds sqllogictest/.";
        }
    }

    /// <summary>The archive of the suite, or null.</summary>
    public static string? ArchivePath { get; } = Find();

    private static string? Find()
    {
        const string File = "sqllogictest/sqllogictest.tar.gz";
        string? named = Environment.GetEnvironmentVariable("NEUROSTORE_SUITES");
        if (named is not null)
        {
            return Path.Combine(named, File);
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "suites", File);
            if (System.IO.File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
