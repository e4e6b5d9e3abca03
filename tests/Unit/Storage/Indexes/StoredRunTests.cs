using System.Buffers.Binary;
using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Runs of indexes in files: they are what a rebuild would be, also after crashes and damage.
/// </summary>
public sealed class StoredRunTests
{
    private const int RowCount = 9000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_lookup_after_opening_reads_a_slice_and_no_column(bool isEncrypted)
    {
        var disk = new MemoryFileSystem();
        Make(disk, isEncrypted);
        Assert.Equal(2, Runs(disk).Length);
        using StorageEngine engine = Open(disk, isEncrypted);
        using StorageTransaction transaction = engine.Begin();
        TableEntry table = Table(transaction);
        foreach (IndexEntry entry in transaction.Catalog.IndexesOf(table))
        {
            var index = LearnedIndex.Of(entry, table);
            Value sought = Value.Of(entry.Schema.Name == "by_name" ? "row 77" : "row 78");
            ulong[] codes = index.Keys.Count == 1
                ? [index.Keys[0].Encode(sought)]
                : [index.Keys[0].Encode(sought), index.Keys[1].Encode(Value.Of(78L))];
            IndexReader reader = transaction.Open(table).Range(
                entry, IndexBounds.Of(codes), isOrdered: true, isDescending: false);
            var places = new RowPlace[200];
            Assert.True(reader.Read(places) > 0);
            SegmentFile file = Segment(transaction, table);
            Assert.False(file.Indexes.Of(index).TryGet(out _));
            Assert.False(file.TryColumn(0, 1, out _));
        }

        AssertRebuilt(transaction, table);
        Assert.Equal(0, engine.Alerts.Count);
    }

    [Fact]
    public void Figures_of_runs_that_are_not_in_memory_are_read_of_their_files()
    {
        var disk = new MemoryFileSystem();
        Make(disk, isEncrypted: false);
        using StorageEngine engine = Open(disk, isEncrypted: false);
        using StorageTransaction transaction = engine.Begin();
        TableEntry table = Table(transaction);
        SegmentFile file = Segment(transaction, table);
        foreach (IndexEntry entry in transaction.Catalog.IndexesOf(table))
        {
            var index = LearnedIndex.Of(entry, table);
            IndexStatistics stored = index.Statistics();
            Assert.False(file.Indexes.Of(index).TryGet(out _));
            IndexRun run = file.Indexes.Of(index).Run;
            Assert.Equal(stored, index.Statistics());
            Assert.Equal(1, stored.RunCount);
            Assert.Equal(run.Model.LineCount, stored.SegmentCount);
            Assert.Equal(run.Codes[0].Span.ToArray().Distinct().Count(), stored.DistinctCount);
            Assert.InRange(run.SizeBytes - stored.SizeBytes, 0, 1000);
        }
    }

    [Fact]
    public void Slices_hold_what_the_whole_run_holds_between_their_codes()
    {
        var disk = new MemoryFileSystem();
        Make(disk, isEncrypted: false);
        using StorageEngine engine = Open(disk, isEncrypted: false);
        using StorageTransaction transaction = engine.Begin();
        TableEntry table = Table(transaction);
        SegmentFile file = Segment(transaction, table);
        foreach (IndexEntry entry in transaction.Catalog.IndexesOf(table))
        {
            var index = LearnedIndex.Of(entry, table);
            using IndexRunFile stored = file.Store!.IndexRuns!.Open(file, index)!;
            IndexRun whole = stored.ReadAll(index.Keys);
            ulong[] first = whole.Codes[0].Span.ToArray();
            for (int i = 0; i < whole.Count; i += 641)
            {
                ulong low = whole.Codes[0][i];
                ulong high = whole.Codes[0][Math.Min(whole.Count - 1, i + (i % 3000))];
                int start = Array.FindIndex(first, code => code >= low);
                int end = Array.FindLastIndex(first, code => code <= high) + 1;
                IndexRun? slice = stored.TrySlice(index.Keys, low, high);
                Assert.Equal(end - start > IndexRunFile.SliceCountMax, slice is null);
                if (slice is not null)
                {
                    Assert.Equal(whole.Ordinals.Span[start..end], slice.Ordinals.Span);
                    Assert.Equal(whole.Codes[^1].Span[start..end], slice.Codes[^1].Span);
                }
            }

            Assert.Equal(0, stored.TrySlice(index.Keys, 0, 0)!.Count);
            Assert.Equal(
                0, stored.TrySlice(index.Keys, ulong.MaxValue - 1, ulong.MaxValue)!.Count);
        }
    }

    [Fact]
    public void A_file_of_another_version_is_made_again_without_an_alert()
    {
        var disk = new MemoryFileSystem();
        Make(disk, isEncrypted: false);
        foreach (string path in Runs(disk))
        {
            Span<byte> header = disk.Bytes(path)[..4096];
            header[8]--;
            BinaryPrimitives.WriteUInt32LittleEndian(
                header[508..], Crc32C.Compute(header[..508]));
        }

        using StorageEngine engine = Open(disk, isEncrypted: false);
        using StorageTransaction transaction = engine.Begin();
        AssertRebuilt(transaction, Table(transaction));
        Assert.Empty(engine.Verify(isQuick: true, CancellationToken.None));
        Assert.Equal(0, engine.Alerts.Count);
        Assert.All(Runs(disk), path => Assert.Equal(IndexRunFormat.Version, disk.Bytes(path)[8]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_damaged_file_is_told_of_and_made_again(bool isEncrypted)
    {
        var disk = new MemoryFileSystem();
        Make(disk, isEncrypted);
        foreach (string path in Runs(disk))
        {
            int length = disk.Bytes(path).Length;
            for (int at = 3; at < length; at += (length / 7) + 1)
            {
                MemoryFileSystem damaged = disk.Copy();
                damaged.Bytes(path)[at] ^= 4;
                using (StorageEngine engine = Open(damaged, isEncrypted))
                {
                    Assert.NotEmpty(engine.Verify(isQuick: true, CancellationToken.None));
                    using StorageTransaction transaction = engine.Begin();
                    AssertRebuilt(transaction, Table(transaction));
                    Assert.True(engine.Alerts.Count > 0);
                }

                using StorageEngine again = Open(damaged, isEncrypted);
                Assert.Empty(again.Verify(isQuick: true, CancellationToken.None));
                Assert.Equal(2, Runs(damaged).Length);
                using StorageTransaction reader = again.Begin();
                AssertRebuilt(reader, Table(reader));
                Assert.Equal(0, again.Alerts.Count);
            }
        }
    }

    [Fact]
    public void A_file_that_was_never_completed_is_made_again_without_a_word()
    {
        var disk = new MemoryFileSystem();
        Make(disk, isEncrypted: false);
        string path = Runs(disk)[0];
        disk.Bytes(path)[..4096].Clear();
        disk.Resize(path, 70_000);
        using StorageEngine engine = Open(disk, isEncrypted: false);
        Assert.Empty(engine.Verify(isQuick: true, CancellationToken.None));
        using StorageTransaction transaction = engine.Begin();
        AssertRebuilt(transaction, Table(transaction));
        Assert.Equal(0, engine.Alerts.Count);
    }

    [Fact]
    public void After_a_crash_at_any_operation_an_index_is_what_a_rebuild_is()
    {
        var disk = new MemoryFileSystem();
        Make(disk, isEncrypted: false);
        int before = disk.OperationCount;
        using (StorageEngine engine = Open(disk, isEncrypted: false))
        {
            using (StorageTransaction change = engine.Begin())
            {
                change.Delete(Table(change), [5, 6, 7]);
                change.Insert(Table(change), NamedRows(RowCount + 1, 300));
                change.Commit(Durability.Full);
            }

            engine.Checkpoint(isFull: true, CancellationToken.None);
        }

        for (int operation = before; operation <= disk.OperationCount; operation++)
        {
            MemoryFileSystem lost = operation % 2 == 0
                ? disk.AfterKill(operation)
                : disk.AfterPowerLoss(operation, (ulong)operation);
            using StorageEngine engine = Open(lost, isEncrypted: false);
            using StorageTransaction transaction = engine.Begin();
            AssertRebuilt(transaction, Table(transaction));
            Assert.Equal(0, engine.Alerts.Count);
        }
    }

    [Fact]
    public void What_is_dropped_or_replaced_leaves_no_file()
    {
        var disk = new MemoryFileSystem();
        Make(disk, isEncrypted: false);
        using (StorageEngine engine = Open(disk, isEncrypted: false))
        {
            using (StorageTransaction change = engine.Begin())
            {
                change.Catalog.TryGetIndex("by_name", out IndexEntry index);
                change.DropIndex(index);
                change.Delete(Table(change), [.. Enumerable.Range(0, 4500).Select(i => (long)i)]);
                change.Commit(Durability.Full);
            }

            engine.Checkpoint(isFull: true, CancellationToken.None);
            Assert.Single(Runs(disk));
        }

        Assert.Single(Runs(disk));
        using StorageEngine again = Open(disk, isEncrypted: false);
        Assert.Single(Runs(disk));
    }

    private static void AssertRebuilt(StorageTransaction transaction, TableEntry table)
    {
        foreach (IndexEntry entry in transaction.Catalog.IndexesOf(table))
        {
            var index = LearnedIndex.Of(entry, table);
            foreach (RowPart part in transaction.State.Generation.LayoutOf(table.Rows).Parts)
            {
                if (part is SealedRows rows)
                {
                    SegmentIndex segment = rows.File.Indexes.Of(index);
                    IndexRun rebuilt = IndexRunBuilder.Build(
                        index.Keys, segment, 0, (int)rows.File.RowCount, isLearned: true);
                    IndexRun run = segment.Run;
                    Assert.True(rebuilt.Ordinals.Span.SequenceEqual(run.Ordinals.Span));
                    Assert.True(rebuilt.Model.Lines.AsSpan().SequenceEqual(run.Model.Lines));
                    Assert.All(rebuilt.Codes.Zip(run.Codes), pair =>
                        Assert.True(pair.First.Span.SequenceEqual(pair.Second.Span)));
                    Assert.Equal(rebuilt.Model.Window, segment.Run.Model.Window);
                }
            }
        }
    }

    private static void Make(MemoryFileSystem disk, bool isEncrypted)
    {
        using StorageEngine engine = Open(disk, isEncrypted);
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, RowCount));
        using (StorageTransaction create = engine.Begin())
        {
            create.CreateIndex(Index(table, "by_name", 1));
            create.CreateIndex(Index(table, "by_both", 1, 0));
            create.Commit(Durability.Full);
        }

        engine.Checkpoint(isFull: true, CancellationToken.None);
    }

    private static IndexSchema Index(TableEntry table, string name, params int[] ordinals) => new()
    {
        Id = 0,
        Name = name,
        TableId = table.Id,
        Kind = IndexKind.Learned,
        Columns = [.. ordinals.Select(static ordinal => new IndexColumn(ordinal, false, true))],
    };

    private static StorageEngine Open(MemoryFileSystem disk, bool isEncrypted) =>
        StorageEngine.Open(Seams(disk), Root, new StorageOptions
        {
            Log = Options.Log,
            Key = isEncrypted ? EncryptionKey.FromBytes(new byte[32]) : null,
        });

    private static string[] Runs(MemoryFileSystem disk) =>
        [.. disk.List($"{Root}/seg").Where(DatabaseFiles.IsRun).Order(StringComparer.Ordinal)];

    private static TableEntry Table(StorageTransaction transaction)
    {
        transaction.Catalog.TryGetTable("named", out TableEntry table);
        return table;
    }

    private static SegmentFile Segment(StorageTransaction transaction, TableEntry table)
    {
        TableLayout layout = transaction.State.Generation.LayoutOf(table.Rows);
        return layout.Parts.ToArray().OfType<SealedRows>().Single().File;
    }
}
