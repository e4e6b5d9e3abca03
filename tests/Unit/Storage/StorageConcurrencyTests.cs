using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

public sealed class StorageConcurrencyTests
{
    private const int AccountCount = 100;
    private const int TransferCount = 300;

    private static readonly TableSchema Accounts = new()
    {
        Name = "accounts",
        Columns =
        [
            new ColumnSchema("id", DataType.BigInt), new ColumnSchema("balance", DataType.BigInt),
        ],
        Keys = [new KeySchema("pk", [0], IsPrimary: true)],
    };

    [Fact]
    public async Task Readers_always_see_the_whole_sum_while_writers_transfer()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        string[] after;
        using (StorageEngine engine = StorageEngine.Open(Threads(disk), Root, Options))
        {
            TableEntry table = Create(engine);
            Task[] writers = [.. Enumerable.Range(1, 4).Select(seed => Task.Run(
                () => TransferAsync(engine, table, (ulong)seed)))];
            Task all = Task.WhenAll(writers);
            int reads = 0;
            do
            {
                CheckSum(engine, table);
                reads++;
            }
            while (!all.IsCompleted);
            await all;
            CheckSum(engine, table);
            Assert.True(reads > 0);
            Assert.True(engine.Statistics().CommitCount > TransferCount);
            after = Dump(engine);
        }

        using StorageEngine again = Open(disk);
        Assert.Equal(after, Dump(again));
    }

    [Fact]
    public async Task Many_durable_commits_in_flight_share_writes_and_are_all_there()
    {
        var disk = new MemoryFileSystem(keepsJournal: false);
        using StorageEngine engine = StorageEngine.Open(Threads(disk), Root, Options);
        TableEntry table = CreateNamed(engine);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                using StorageTransaction transaction = engine.Begin();
                transaction.Insert(table, NamedRow((worker * 1000) + i, $"{worker} {i}"));
                Durability mode = (i % 3) switch
                {
                    0 => Durability.Full,
                    1 => Durability.Group,
                    _ => Durability.None,
                };
                if (worker % 2 == 0)
                {
                    await transaction.CommitAsync(mode);
                }
                else
                {
                    transaction.Commit(mode);
                }
            }
        })));
        Assert.Equal(64 * 20, Scan(engine, table).Length);
    }

    private static TableEntry Create(StorageEngine engine)
    {
        using StorageTransaction transaction = engine.Begin();
        TableEntry table = transaction.CreateTable(Accounts);
        transaction.Insert(table, Batch(Accounts, [.. Enumerable.Range(0, AccountCount).Select(
            static id => new[] { Value.Of((long)id), Value.Of(1000L) })]));
        transaction.Commit(Durability.Full);
        return table;
    }

    private static async Task TransferAsync(StorageEngine engine, TableEntry table, ulong seed)
    {
        var random = new SeededRandomSource(seed);
        for (int i = 0; i < TransferCount; i++)
        {
            long from = (long)(random.NextUInt64() % AccountCount);
            long to = (from + 1 + (long)(random.NextUInt64() % (AccountCount - 1))) % AccountCount;
            try
            {
                using StorageTransaction transaction = engine.Begin();
                Add(transaction, table, from, -1);
                Add(transaction, table, to, 1);
                await transaction.CommitAsync(i % 2 == 0 ? Durability.Full : Durability.Async);
            }
            catch (ConflictException)
            {
                // The other transfer committed first; this one is dropped.
            }
        }
    }

    private static void Add(StorageTransaction transaction, TableEntry table, long id, long amount)
    {
        TableSnapshot snapshot = transaction.Open(table);
        Assert.True(snapshot.TryFind(0, [Value.Of(id)], out RowAddress row));
        long balance = snapshot.Fetch(1, [row]).GetValue(0).AsInt64();
        transaction.Update(
            table,
            [row.RowId],
            Batch(Accounts, [Value.Of(id), Value.Of(balance + amount)]));
    }

    private static void CheckSum(StorageEngine engine, TableEntry table)
    {
        using StorageTransaction transaction = engine.Begin();
        TableSnapshot snapshot = transaction.Open(table);
        long sum = 0;
        int count = 0;
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            TableSlice slice = snapshot.Slice(i);
            ReadOnlySpan<long> balances = ((ColumnBuffer<long>)slice.Column(1)).Values;
            for (int row = 0; row < slice.Count; row++)
            {
                if (slice.IsVisible(row))
                {
                    sum += balances[row];
                    count++;
                }
            }
        }

        Assert.Equal(AccountCount, count);
        Assert.Equal(AccountCount * 1000, sum);
    }
}
