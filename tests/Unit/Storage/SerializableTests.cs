using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

public sealed class SerializableTests
{
    [Fact]
    public void Of_two_transactions_that_read_what_the_other_writes_only_one_commits()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 2));
        using StorageTransaction one = Begin(engine);
        using StorageTransaction other = Begin(engine);
        Assert.Equal(2, Scan(one, table).Length);
        Assert.Equal(2, Scan(other, table).Length);
        Rename(one, table, 1, "one");
        Rename(other, table, 2, "other");
        one.Commit(Durability.Full);

        ConflictException refused = Assert.Throws<ConflictException>(
            () => other.Commit(Durability.Full));
        Assert.Equal(ErrorCode.WriteConflict, refused.Code);
        Assert.Equal(["1|one", "2|row 2"], Scan(engine, table));
    }

    [Fact]
    public void Snapshot_isolation_lets_both_commit()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 2));
        using StorageTransaction one = engine.Begin();
        using StorageTransaction other = engine.Begin();
        Scan(one, table);
        Scan(other, table);
        Rename(one, table, 1, "one");
        Rename(other, table, 2, "other");
        one.Commit(Durability.Full);
        other.Commit(Durability.Full);

        Assert.Equal(["1|one", "2|other"], Scan(engine, table));
    }

    [Fact]
    public void A_row_that_appears_in_a_table_that_was_read_empty_refuses_the_commit()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using StorageTransaction reader = Begin(engine);
        Assert.Empty(Scan(reader, table));
        reader.Insert(table, NamedRow(1, "the only one"));
        Insert(engine, table, NamedRow(2, "another"));

        Assert.Throws<ConflictException>(() => reader.Commit(Durability.Full));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(9, true)]
    public void A_lookup_by_key_is_disturbed_only_by_changes_of_that_key(int changed, bool loses)
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        Insert(engine, table, NamedRows(1, 5));
        using StorageTransaction reader = Begin(engine);
        Assert.True(reader.Open(table).TryFind(0, [Value.Of(3)], out _));
        Assert.False(reader.Open(table).TryFind(0, [Value.Of(9)], out _));
        reader.Insert(table, NamedRow(100, "mine"));
        using (StorageTransaction writer = engine.Begin())
        {
            if (changed <= 5)
            {
                Rename(writer, table, changed, "changed");
            }
            else
            {
                writer.Insert(table, NamedRow(changed, "new"));
            }

            writer.Commit(Durability.Full);
        }

        if (loses)
        {
            Assert.Throws<ConflictException>(() => reader.Commit(Durability.Full));
        }
        else
        {
            reader.Commit(Durability.Full);
            Assert.Equal(6, Scan(engine, table).Length);
        }
    }

    [Fact]
    public void A_transaction_that_only_reads_is_never_refused()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        using StorageTransaction reader = Begin(engine);
        Scan(reader, table);
        Insert(engine, table, NamedRow(1, "new"));

        reader.Commit(Durability.Full);
        Assert.Single(Scan(engine, table));
    }

    [Fact]
    public void A_dropped_table_that_was_read_refuses_the_commit()
    {
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        TableEntry log;
        using (StorageTransaction maker = engine.Begin())
        {
            log = maker.CreateTable(AllTypes);
            maker.Commit(Durability.Full);
        }

        using StorageTransaction reader = Begin(engine);
        Assert.Empty(Scan(reader, log));
        reader.Insert(table, NamedRow(1, "mine"));
        using (StorageTransaction writer = engine.Begin())
        {
            writer.DropTable(log);
            writer.Commit(Durability.Full);
        }

        Assert.Throws<ConflictException>(() => reader.Commit(Durability.Full));
    }

    [Fact]
    public void Counters_that_many_serializable_transactions_raise_lose_no_step()
    {
        const int Rounds = 200;
        using StorageEngine engine = InMemory();
        TableEntry table = CreateNamed(engine);
        int refused = 0;
        for (int i = 0; i < Rounds; i++)
        {
            using StorageTransaction one = Begin(engine);
            using StorageTransaction other = Begin(engine);
            foreach (StorageTransaction transaction in new[] { one, other })
            {
                int next = Scan(transaction, table).Length + 1;
                transaction.Insert(table, NamedRow((i * 2) + next + 1000, $"step {next} {i}"));
                try
                {
                    transaction.Commit(Durability.Full);
                }
                catch (ConflictException)
                {
                    refused++;
                }
            }
        }

        Assert.Equal(Rounds, refused);
        Assert.Equal(Rounds, Scan(engine, table).Length);
    }

    private static StorageTransaction Begin(StorageEngine engine) =>
        engine.Begin(TransactionIsolation.Serializable);
}
