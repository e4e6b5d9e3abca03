namespace NeuroDb.Tests.Unit;

/// <summary>Files that statements may not reach, by whatever name.</summary>
public sealed class CopyRootsTests
{
    [Theory]
    [InlineData("{out}/secret.csv")]
    [InlineData("{in}/../out/secret.csv")]
    [InlineData("{in}/deep/../../out/secret.csv")]
    [InlineData("{in}/link.csv")]
    [InlineData("{in}/linked/secret.csv")]
    [InlineData("{in}/twice.csv")]
    [InlineData("{in}/ring")]
    [InlineData("{in}2/secret.csv")]
    public void Nothing_outside_the_roots_is_read_or_written(string path)
    {
        using var folder = new TemporaryFolder();
        using NeuroStore database = Open(folder, out string inside, out string outside);
        path = path.Replace("{in}", inside, StringComparison.Ordinal)
            .Replace("{out}", outside, StringComparison.Ordinal);
        string[] before = Content(outside);
        foreach (string statement in (string[])
        [
            $"COPY t FROM '{path}'", $"COPY t TO '{path}'",
            $"COPY t FROM '{path}' (FORMAT npy)", $"IMPORT MODEL m FROM '{path}'",
            $"COPY p FROM '{path}' (FORMAT idx)", $"COPY p FROM '{path}' (FORMAT image_folder)",
            $"COPY t FROM '{inside}/a.csv' (ON_ERROR quarantine, REJECTS_FILE '{path}')",
            $"BACKUP TO '{path}'", $"VACUUM INTO '{path}'",
        ])
        {
            NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
                () => database.Execute(statement));
            Assert.Contains(
                error.Code, (ErrorCode[])[ErrorCode.FileOutsideRoots, ErrorCode.InputOutput]);
        }

        Assert.Equal(before, Content(outside));
        Assert.Equal(0L, database.QueryScalar<long>("SELECT count(*) FROM t WHERE s = 'secret'"));
    }

    [Fact]
    public void Inside_the_roots_files_are_read_and_written_also_by_links_that_stay_inside()
    {
        using var folder = new TemporaryFolder();
        using NeuroStore database = Open(folder, out string inside, out _);
        File.WriteAllText(Path.Combine(inside, "b.csv"), "fine\n");
        File.CreateSymbolicLink(Path.Combine(inside, "near.csv"), "b.csv");
        Assert.Equal(1, database.Execute($"COPY t FROM '{inside}/near.csv'"));
        database.Execute($"COPY t TO '{inside}/deep/new.csv'");
        Assert.Equal("fine\n", File.ReadAllText(Path.Combine(inside, "deep", "new.csv")));
    }

    [Fact]
    public void No_roots_at_all_let_no_statement_near_a_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "a.csv"), "a\n");
        using NeuroStore database = NeuroStore.OpenInMemory(new() { FileRoots = [] });
        database.Execute("CREATE TABLE t (s TEXT)");
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => database.Execute($"COPY t FROM '{folder.Path}/a.csv'"));
        Assert.Equal(ErrorCode.FileOutsideRoots, error.Code);
    }

    [Fact]
    public void A_ring_of_folders_is_read_once()
    {
        using var folder = new TemporaryFolder();
        string label = Path.Combine(folder.Path, "data", "a");
        Directory.CreateDirectory(label);
        File.WriteAllText(Path.Combine(label, "1.txt"), "x");
        Directory.CreateSymbolicLink(Path.Combine(label, "again"), "..");
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE t (label TEXT, text TEXT)");
        Assert.Equal(1, database.Execute(
            $"COPY t FROM '{folder.Path}/data' (FORMAT text_folder)"));
    }

    private static NeuroStore Open(
        TemporaryFolder folder, out string inside, out string outside)
    {
        inside = Path.Combine(folder.Path, "in");
        outside = Path.Combine(folder.Path, "out");
        Directory.CreateDirectory(Path.Combine(inside, "deep"));
        Directory.CreateDirectory(outside);
        Directory.CreateDirectory(inside + "2");
        File.WriteAllText(Path.Combine(inside, "a.csv"), "a,b\n");
        File.WriteAllText(Path.Combine(outside, "secret.csv"), "secret\n");
        File.WriteAllText(Path.Combine(inside + "2", "secret.csv"), "secret\n");
        File.CreateSymbolicLink(
            Path.Combine(inside, "link.csv"), Path.Combine(outside, "secret.csv"));
        Directory.CreateSymbolicLink(Path.Combine(inside, "linked"), "../out");
        File.CreateSymbolicLink(Path.Combine(inside, "twice.csv"), "linked/secret.csv");
        File.CreateSymbolicLink(Path.Combine(inside, "ring"), "ring");
        NeuroStore database = NeuroStore.Open(
            Path.Combine(folder.Path, "db"), new() { FileRoots = [inside] });
        database.Execute("CREATE TABLE t (s TEXT); CREATE TABLE p (pic IMAGE)");
        return database;
    }

    private static string[] Content(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order()
            .Select(path => path + File.ReadAllText(path)),
    ];
}
