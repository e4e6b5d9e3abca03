using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Salvage gives back every row outside the damage and invents none.</summary>
public sealed class SalvageTests
{
    private const string Target = "/new";
    private const int RowCount = 13_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_healthy_database_loses_nothing(bool isEncrypted)
    {
        using EncryptionKey? key = isEncrypted ? EncryptionFixture.Key() : null;
        MemoryFileSystem disk = IntegrityFixture.Write(key);
        Dictionary<string, string[]> before = Dump(disk, StorageFixture.Root, key);
        SalvageResult result = Run(disk, key);
        Assert.Empty(result.Losses);
        Assert.Empty(DirectoryVerifier.Verify(
            StorageFixture.Seams(disk), Target, key, isQuick: false, default));
        Assert.Equal(before, Dump(disk, Target, key));
        Assert.Equal(before, Dump(disk, StorageFixture.Root, key));
    }

    [Fact]
    public void A_wrong_key_is_an_error_and_makes_nothing()
    {
        using EncryptionKey key = EncryptionFixture.Key();
        using EncryptionKey other = EncryptionKey.FromBytes(new byte[32]);
        MemoryFileSystem disk = IntegrityFixture.Write(key);
        Assert.Throws<NeuroStoreException>(() => Run(disk, other));
        Assert.False(disk.DirectoryExists(Target));
    }

    [Fact]
    public void A_target_that_is_not_empty_is_refused()
    {
        MemoryFileSystem disk = IntegrityFixture.Write();
        Run(disk);
        Assert.Throws<NeuroStoreException>(() => Run(disk));
    }

    [Theory]
    [InlineData("SUPER")]
    [InlineData("MANIFEST-2")]
    [InlineData("wal/watermark")]
    public void Without_one_file_of_administration_all_rows_are_there(string name)
    {
        MemoryFileSystem disk = IntegrityFixture.Write();
        Dictionary<string, string[]> before = Dump(disk.Copy(), StorageFixture.Root);
        disk.Delete(Path.Combine(StorageFixture.Root, name));
        SalvageResult result = Run(disk);
        Assert.NotEmpty(result.Losses);
        Assert.Equal(before, Dump(disk, Target));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Views_and_the_like_of_the_manifest_and_of_the_log_are_there_again(
        bool hasManifest)
    {
        MemoryFileSystem disk = IntegrityFixture.Write();
        using (StorageEngine engine = IntegrityFixture.Open(disk))
        {
            Put(engine, new CatalogObject(CatalogObjectKind.View, "old", "1"));
            Put(engine, new CatalogObject(CatalogObjectKind.View, "kept", "2"));
            engine.Checkpoint(isFull: false, CancellationToken.None);
            Put(engine, new CatalogObject(CatalogObjectKind.Trigger, "kept", "3"));
            Put(engine, new CatalogObject(CatalogObjectKind.View, "KEPT", "4"));
            using StorageTransaction drop = engine.Begin();
            drop.DropObject(drop.Catalog.Objects.Single(static it => it.Name == "old"));
            drop.Commit(Durability.Full);
        }

        if (!hasManifest)
        {
            disk.Delete(IntegrityFixture.Files(disk).Single(
                static path => DatabaseFiles.IsManifest(Path.GetFileName(path))));
        }

        Run(disk);
        using StorageEngine salvaged = StorageEngine.Open(
            StorageFixture.Seams(disk), Target, StorageFixture.Options);
        using StorageTransaction reader = salvaged.Begin();
        Assert.Equal(
            ["1KEPT 4", "2kept 3"],
            reader.Catalog.Objects.Select(static it => $"{it.Key} {it.Sql}").Order());
    }

    [Fact]
    public void Without_a_delete_file_deleted_rows_are_undecided_and_the_report_says_so()
    {
        MemoryFileSystem disk = IntegrityFixture.Write();
        Dictionary<string, string[]> before = Dump(disk.Copy(), StorageFixture.Root);
        string path = IntegrityFixture.Files(disk).First(
            static name => name.EndsWith(".del", StringComparison.Ordinal));
        disk.Bytes(path)[70] ^= 1;
        SalvageResult result = Run(disk);
        Assert.Contains(result.Losses, loss => loss.FilePath == path && loss.Table == "named");
        Dictionary<string, string[]> after = Dump(disk, Target);
        Assert.Empty(before["named"].Except(after["named"]));
        Assert.Equal(before["plain"], after["plain"]);
    }

    [Fact]
    public void A_damaged_column_of_a_key_is_made_again_from_its_run()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using (StorageEngine engine = IntegrityFixture.Open(disk))
        {
            TableEntry named = StorageFixture.CreateNamed(engine);
            StorageFixture.Insert(engine, named, StorageFixture.NamedRows(1, 9000));
            engine.Checkpoint(isFull: false, CancellationToken.None);
        }

        Dictionary<string, string[]> before = Dump(disk.Copy(), StorageFixture.Root);
        string path = IntegrityFixture.Files(disk).Single(DatabaseFiles.IsSegment);
        disk.Bytes(path)[SegmentFormat.BlockSizeBytes] ^= 1;
        Assert.NotEmpty(IntegrityFixture.Verify(disk));
        Run(disk);
        Assert.Equal(before, Dump(disk, Target));
    }

    [Fact]
    public void Commits_behind_a_hole_of_the_log_are_taken_and_the_hole_is_listed()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using (StorageEngine engine = IntegrityFixture.Open(disk))
        {
            TableEntry named = StorageFixture.CreateNamed(engine);
            for (int id = 1; id <= 20; id++)
            {
                StorageFixture.Insert(engine, named, StorageFixture.NamedRow(id, $"row {id}"));
            }
        }

        disk.Bytes("/db/wal/log.0").Slice(10 * 4096, 4096).Clear();
        SalvageResult result = Run(disk);
        Assert.Contains(
            result.Losses, loss => loss.What.Contains("lost", StringComparison.Ordinal));
        Assert.Equal(19, Dump(disk, Target)["named"].Length);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void After_damage_of_any_4_KiB_all_rows_of_other_chunks_are_there(
        int seed, bool isEncrypted)
    {
        using EncryptionKey? key = isEncrypted ? EncryptionFixture.Key() : null;
        MemoryFileSystem whole = IntegrityFixture.Write(key, RowCount);
        Dictionary<string, string[]> before = Dump(whole.Copy(), StorageFixture.Root, key);
        HashSet<string> ever = [.. Everything(RowCount)];
        var random = new Random(seed);
        string[] paths = [.. IntegrityFixture.Files(whole)];
        int harmedCount = 0;
        for (int trial = 0; trial < 40; trial++)
        {
            MemoryFileSystem disk = whole.Copy();
            string path = paths[random.Next(paths.Length)];
            bool isSuper = path.EndsWith("SUPER", StringComparison.Ordinal);
            Damage(disk.Bytes(path), random, isAligned: isSuper && isEncrypted);
            SalvageResult result = Run(disk, key);
            Dictionary<string, string[]> after = Dump(disk, Target, key);
            bool isTail = path.Contains("wal", StringComparison.Ordinal);
            string about = $"seed {seed}, trial {trial}, {path}";
            foreach ((string table, string[] rows) in before)
            {
                string[] now = after.GetValueOrDefault(table, []);
                int lost = rows.Except(now).Count();
                long listed = ListedRows(result, table);
                harmedCount += lost > 0 ? 1 : 0;
                Assert.True(
                    lost <= Math.Min(2 * Limits.ChunkRowCount, listed) || (isTail && lost <= 110),
                    $"{about}: {table} lost {lost}, of which {listed} are listed");
                Assert.True(lost == 0 || result.Losses.Count > 0, $"{about}: nothing is listed");
                Assert.True(now.All(ever.Contains), $"{about}: a row was invented");
                Assert.Equal(now.Length, now.Distinct().Count());
            }
        }

        Assert.InRange(harmedCount, 1, 39);
    }

    private static long ListedRows(SalvageResult result, string table) => result.Losses
        .Where(loss => loss.Table == table && loss.FirstRow >= 0)
        .Sum(static loss => loss.LastRow - loss.FirstRow + 1);

    private static void Put(StorageEngine engine, CatalogObject value)
    {
        using StorageTransaction transaction = engine.Begin();
        transaction.PutObject(value);
        transaction.Commit(Durability.Full);
    }

    private static void Damage(Span<byte> bytes, Random random, bool isAligned)
    {
        int length = Math.Min(4096, bytes.Length);
        int at = random.Next(bytes.Length - length + 1);
        at = isAligned ? at / 4096 * 4096 : at;
        Span<byte> target = bytes.Slice(at, length);
        if (random.Next(2) == 0)
        {
            target.Clear();
        }
        else
        {
            random.NextBytes(target);
        }
    }

    // Every row that the fixture ever wrote, also those that it deleted or replaced.
    private static IEnumerable<string> Everything(int rowCount)
    {
        IEnumerable<string> named = Enumerable.Range(1, rowCount).Select(id => $"{id}|row {id}");
        RowBatch plain = IntegrityFixture.PlainRows(1, rowCount + 100);
        return named
            .Concat(["12|renamed 10", "22|renamed 20"])
            .Concat(Enumerable.Range(0, plain.Count).Select(row => string.Join(
                '|',
                plain.Columns.Select(column => StorageFixture.Show(column.GetValue(row))))));
    }

    private static SalvageResult Run(MemoryFileSystem disk, EncryptionKey? key = null) =>
        DatabaseSalvage.Run(
            StorageFixture.Seams(disk),
            StorageFixture.Root,
            Target,
            StorageFixture.Options with { Key = key },
            default);

    private static Dictionary<string, string[]> Dump(
        MemoryFileSystem disk, string root, EncryptionKey? key = null)
    {
        using StorageEngine engine = StorageEngine.Open(
            StorageFixture.Seams(disk), root, StorageFixture.Options with { Key = key });
        using StorageTransaction transaction = engine.Begin();
        return transaction.Catalog.Tables.ToDictionary(
            static table => table.Schema.Name,
            table => StorageFixture.Scan(transaction, table));
    }
}
