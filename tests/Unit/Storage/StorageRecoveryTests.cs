using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

public sealed class StorageRecoveryTests
{
    private static readonly Value[][] Samples =
    [
        [
            Value.Of(true), Value.Of(long.MinValue), Value.Of(double.NaN), Value.Of(-1.50m),
            Value.Of("gr\u00fc\u00df\ud800"), Value.Of([0, 255]), Value.OfDate(-5),
            Value.OfTimestamp(123_456_789), Value.Of(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)),
            Value.OfJson("{}"), Value.Of(new float[] { 1, -2, 3 }.AsMemory()),
            Value.Of(new float[] { 4 }.AsMemory()),
            SegmentColumns.CompactOf(TypeKind.HalfVector, 1, 3),
            SegmentColumns.CompactOf(TypeKind.BitVector, 1, 11),
            SegmentColumns.CompactOf(TypeKind.Int8Vector, 1, 4),
        ],
        [.. Enumerable.Repeat(Value.Null, 15)],
        [
            Value.Of(false), Value.Of(1L), Value.Of(-0.0), Value.Of(decimal.MaxValue),
            Value.Of(""), Value.Of(Array.Empty<byte>()), Value.OfDate(0), Value.OfTimestamp(0),
            Value.Of(Guid.Empty), Value.OfJson("[]"), Value.Of(new float[3].AsMemory()),
            Value.Of(new float[] { 5, 6 }.AsMemory()),
            SegmentColumns.CompactOf(TypeKind.HalfVector, 2, 3),
            SegmentColumns.CompactOf(TypeKind.BitVector, 2, 11),
            SegmentColumns.CompactOf(TypeKind.Int8Vector, 2, 7),
        ],
    ];

    [Fact]
    public void Every_type_and_null_comes_back_after_reopening()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] before;
        using (StorageEngine engine = Open(disk))
        {
            using StorageTransaction transaction = engine.Begin();
            TableEntry table = transaction.CreateTable(AllTypes);
            transaction.Insert(table, Batch(AllTypes, Samples));
            transaction.Commit(Durability.Full);
            before = Dump(engine);
            Assert.Equal(4, before.Length);
        }

        using StorageEngine again = Open(disk);
        Assert.Equal(before, Dump(again));
        using StorageTransaction reader = again.Begin();
        Assert.True(reader.Catalog.TryGetTable("everything", out TableEntry found));
        Assert.Equal(AllTypes.Columns, found.Schema.Columns);
        Assert.Equal(AllTypes.Checks, found.Schema.Checks);
        TableSlice slice = reader.Open(found).Slice(0);
        Assert.True(slice.TryGetVectorRows(10, out ReadOnlyMemory<float> rows, out int stride));
        Assert.Equal(16, stride);
        Assert.Equal(3 * stride, rows.Length);
        Assert.Equal([1, -2, 3, 0], rows.Span[..4].ToArray());
        Assert.True(rows.Span[stride..].IndexOfAnyExcept(0f) < 0);
        Assert.False(slice.TryGetVectorRows(11, out _, out _));
    }

    [Fact]
    public void Each_power_loss_leaves_a_prefix_of_the_commits()
    {
        var disk = new MemoryFileSystem();
        var states = new List<(int Operations, string[] Dump)>();
        using (StorageEngine engine = Open(disk))
        {
            states.Add((disk.OperationCount, Dump(engine)));
            TableEntry table = CreateNamed(engine);
            states.Add((disk.OperationCount, Dump(engine)));
            for (int i = 0; i < 4; i++)
            {
                using StorageTransaction transaction = engine.Begin();
                transaction.Insert(table, NamedRows(i * 10, 3));
                if (i > 0)
                {
                    Delete(transaction, table, (i * 10) - 10);
                    Rename(transaction, table, (i * 10) - 9, $"renamed {i}");
                }

                transaction.Commit(Durability.Full);
                states.Add((disk.OperationCount, Dump(engine)));
            }
        }

        for (int at = 0; at <= disk.OperationCount; at++)
        {
            for (ulong seed = 0; seed < 4; seed++)
            {
                using StorageEngine engine = Open(disk.AfterPowerLoss(at, seed));
                string[] found = Dump(engine);
                int index = states.FindIndex(state => state.Dump.SequenceEqual(found));
                int promised = states.FindLastIndex(state => state.Operations <= at);
                Assert.True(index >= promised, $"after {at} changes, seed {seed}");
            }
        }
    }

    [Fact]
    public void A_large_transaction_counts_only_with_its_commit()
    {
        var disk = new MemoryFileSystem(keepsJournal: true);
        var clock = new ManualClock();
        string text = new('x', 40_000);
        TableSchema schema = Named with { Keys = [] };
        int before;
        int after;
        using (StorageEngine engine = StorageEngine.Open(Seams(disk, clock), Root, Options))
        {
            using StorageTransaction create = engine.Begin();
            TableEntry table = create.CreateTable(schema);
            create.Commit(Durability.Full);
            before = disk.OperationCount;
            using StorageTransaction large = engine.Begin();
            large.Insert(table, Batch(schema, [.. Enumerable.Range(0, 150).Select(
                id => new[] { Value.Of(id), Value.Of(text) })]));
            large.Commit(Durability.Full);
            after = disk.OperationCount;
            Assert.True(engine.Statistics().WriteCount >= 3);
            Assert.Equal(150, Scan(engine, table).Length);
        }

        foreach (int at in new[] { before, (before + after) / 2, after - 1, after })
        {
            using StorageEngine engine = Open(disk.AfterKill(at));
            using StorageTransaction reader = engine.Begin();
            Assert.True(reader.Catalog.TryGetTable("named", out TableEntry table));
            int count = Scan(reader, table).Length;
            Assert.True(at == after ? count == 150 : count is 0 or 150);
            Insert(engine, table, NamedRow(1000, "goes on"));
        }
    }

    [Fact]
    public void Large_transactions_may_write_their_first_parts_in_any_order()
    {
        var replay = new TransactionReplay("log");
        foreach (long transaction in (long[])[3, 1, 2])
        {
            var record = new byte[16];
            record[0] = (byte)RecordKind.Part;
            record[1] = RecordFormat.Version;
            BitConverter.TryWriteBytes(record.AsSpan(RecordFormat.HeaderSizeBytes), transaction);
            replay.Replay(record);
        }

        Assert.Equal(3, replay.LastPartTransaction);
        Assert.Equal(3, replay.UncommittedCount);
    }

    [Fact]
    public void Every_flipped_byte_gives_equal_rows_or_a_corruption_error()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] before;
        using (StorageEngine engine = Open(disk))
        {
            TableEntry table = CreateNamed(engine);
            Insert(engine, table, NamedRows(1, 5));
            before = Dump(engine);
        }

        var random = new SeededRandomSource(5);
        int refused = 0;
        foreach (string path in disk.List(Root).Concat(disk.List(Root + "/wal")))
        {
            int size = disk.FileExists(path) ? Math.Min(disk.Bytes(path).Length, 24_576) : 0;
            for (int offset = 0; offset < size; offset += 7)
            {
                MemoryFileSystem damaged = disk.Copy();
                damaged.Bytes(path)[offset] ^= (byte)(1 << (int)(random.NextUInt64() % 8));
                try
                {
                    using StorageEngine engine = Open(damaged);
                    Assert.Equal(before, Dump(engine));
                }
                catch (NeuroStoreException failure)
                {
                    Assert.True(
                        failure.Code is ErrorCode.Corruption or ErrorCode.NewerFormat,
                        failure.Message);
                    refused++;
                }
            }
        }

        Assert.True(refused > 0);
    }

    [Fact]
    public void A_failed_write_stops_commits_and_leaves_readers_their_state()
    {
        var disk = new MemoryFileSystem();
        using StorageEngine engine = Open(disk);
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRow(1, "kept"));
        disk.FailFrom = disk.OperationCount;
        NeuroStoreException first = Assert.Throws<NeuroStoreException>(
            () => Insert(engine, table, NamedRow(2, "lost")));
        Assert.Equal(ErrorCode.InputOutput, first.Code);
        Assert.Equal(["1|kept"], Scan(engine, table));
        NeuroStoreException second = Assert.Throws<NeuroStoreException>(
            () => Insert(engine, table, NamedRow(3, "late")));
        Assert.Equal(ErrorCode.DatabaseStopped, second.Code);
    }

    [Fact]
    public async Task Group_and_async_commits_are_written_when_their_time_is_over()
    {
        var disk = new MemoryFileSystem();
        var clock = new ManualClock();
        using StorageEngine engine = StorageEngine.Open(Seams(disk, clock), Root, Options);
        TableEntry table = CreateNamed(engine);
        long writes = engine.Statistics().WriteCount;
        using StorageTransaction none = engine.Begin();
        none.Insert(table, NamedRow(1, "none"));
        none.Commit(Durability.None);
        Assert.Null(clock.Armed);
        using StorageTransaction later = engine.Begin();
        later.Insert(table, NamedRow(2, "async"));
        later.Commit(Durability.Async);
        Assert.Equal(TimeSpan.FromMilliseconds(Options.AsyncLossMs), clock.Armed);
        using StorageTransaction group = engine.Begin();
        group.Insert(table, NamedRow(3, "group"));
        Task committed = group.CommitAsync(Durability.Group).AsTask();
        Assert.Equal(TimeSpan.FromMilliseconds(Options.GroupWaitMs), clock.Armed);
        Assert.False(committed.IsCompleted);
        Assert.Equal(["1|none", "2|async"], Scan(engine, table));
        Assert.Equal(writes, engine.Statistics().WriteCount);
        clock.FireAll();
        await committed;
        Assert.Equal(writes + 1, engine.Statistics().WriteCount);
        Assert.Equal(3, Scan(engine, table).Length);
    }

    [Fact]
    public void Opening_tells_what_is_wrong_with_the_path()
    {
        var disk = new MemoryFileSystem();
        using (StorageEngine engine = Open(disk))
        {
            Assert.True(engine.Recovery.IsNew);
            Assert.Equal(ErrorCode.DatabaseLocked, OpenError(disk, Root));
            Assert.Equal(ErrorCode.PathIsFile, OpenError(disk, Root + "/SUPER"));
        }

        disk.CreateDirectory("/foreign");
        disk.Open("/foreign/letter.txt", FileOpenKind.Create).Dispose();
        Assert.Equal(ErrorCode.NotADatabase, OpenError(disk, "/foreign"));
        Assert.Equal(["/foreign/letter.txt"], disk.List("/foreign"));

        MemoryFileSystem newer = disk.Copy();
        Span<byte> super = newer.Bytes(Root + "/SUPER");
        for (int slot = 0; slot < super.Length; slot += SuperBlock.SlotSizeBytes)
        {
            Span<byte> bytes = super.Slice(slot, SuperBlock.SlotSizeBytes);
            bytes[8] = 3;
            BitConverter.TryWriteBytes(bytes[^4..], Crc32C.Compute(bytes[..^4]));
        }

        Assert.Equal(ErrorCode.NewerFormat, OpenError(newer, Root));
        MemoryFileSystem damaged = disk.Copy();
        damaged.Bytes(Root + "/SUPER").Clear();
        Assert.Equal(ErrorCode.Corruption, OpenError(damaged, Root));
        MemoryFileSystem repaired = disk.Copy();
        repaired.Bytes(Root + "/SUPER")[20] ^= 1;
        using (StorageEngine engine = Open(repaired))
        {
            Assert.True(engine.Recovery.WasSuperRepaired);
        }

        using StorageEngine again = Open(repaired);
        Assert.False(again.Recovery.WasSuperRepaired);
    }

    private static ErrorCode OpenError(MemoryFileSystem disk, string path) =>
        Assert.ThrowsAny<NeuroStoreException>(
            () => StorageEngine.Open(Seams(disk), path, Options).Dispose()).Code;
}
