namespace NeuroDb.Tests.Sql;

/// <summary>Runs the project's own scripts, and the public suites where they are at hand.</summary>
public sealed class SltTests
{
    /// <summary>The scripts under tests/Sql/sql, by path.</summary>
    public static TheoryData<string> OwnScripts()
    {
        var data = new TheoryData<string>();
        string root = Path.Combine(AppContext.BaseDirectory, "sql");
        foreach (string path in Directory.GetFiles(root, "*.slt", SearchOption.AllDirectories))
        {
            data.Add(Path.GetRelativePath(root, path));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(OwnScripts))]
    public void Own_script_passes(string script)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "sql", script);
        Assert.Empty(FaultsOf(script, File.ReadAllText(path)));
    }

    [SuiteFact]
    public void Select1_to_select3_of_the_public_suite_pass()
    {
        string archive = SuiteFactAttribute.ArchivePath!;
        string[] wanted = ["select1.test", "select2.test", "select3.test"];
        var seen = new List<string>();
        foreach ((string name, string script) in Program.ReadScripts(archive))
        {
            if (wanted.Contains(Path.GetFileName(name)))
            {
                seen.Add(name);
                Assert.Empty(FaultsOf(name, script));
            }
        }

        Assert.Equal(wanted.Length, seen.Count);
    }

    private static List<string> FaultsOf(string name, string script)
    {
        var faults = new List<string>();
        using var runner = new SltRunner(faults.Add);
        using var reader = new StringReader(script);
        runner.Run(name, reader);
        Assert.True(runner.Passed + runner.Failed > 0, "the script holds no record");
        return faults;
    }
}
