using System.Data.Common;
using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>Batches that repeat a statement give what the statements one by one give.</summary>
public sealed class BatchTests
{
    [Fact]
    public void Repeated_inserts_are_one_statement_for_each_thousand()
    {
        using NeuroConnection connection = Open(
            "CREATE TABLE t (id BIGINT PRIMARY KEY, s TEXT, at TIMESTAMPTZ)");
        NeuroBatch batch = Batch(
            connection,
            "INSERT INTO t VALUES (@0, @1, now())",
            Enumerable.Range(0, 3000).Select(static i => new object[]
            {
                i, i % 7 == 0 ? DBNull.Value : $"row {i}",
            }));
        Assert.Equal(3000, batch.ExecuteNonQuery());
        Assert.Equal(3000, Number(connection, "SELECT total_changes()"));
        Assert.Equal(1, Number(connection, "SELECT changes()"));
        Assert.Equal(429, Number(connection, "SELECT count(*) FROM t WHERE s IS NULL"));

        // As many statements as there are groups of 1,024.
        Assert.Equal(3, Number(connection, "SELECT count(DISTINCT at) FROM t"));
    }

    [Fact]
    public void Of_repeated_inserts_those_before_the_first_that_fails_stay()
    {
        using NeuroConnection connection = Open(
            "CREATE TABLE p (id BIGINT PRIMARY KEY); INSERT INTO p VALUES (1), (2);"
            + "CREATE TABLE t (id BIGINT PRIMARY KEY, p BIGINT REFERENCES p)");
        NeuroBatch batch = Batch(
            connection,
            "INSERT INTO t VALUES (@0, @1)",
            Enumerable.Range(0, 10).Select(static i => new object[] { i, i == 6 ? 9 : 1 }));
        var error = Assert.Throws<ConstraintException>(() => batch.ExecuteNonQuery());
        Assert.Contains("(p) = (9)", error.Message, StringComparison.Ordinal);
        Assert.Equal(6, Number(connection, "SELECT count(*) FROM t"));
        using NeuroTransaction transaction = connection.BeginTransaction();
        batch = Batch(
            connection,
            "INSERT INTO t VALUES (@0, @1)",
            Enumerable.Range(10, 10).Select(static i => new object[] { i, i == 16 ? 9 : 1 }));
        batch.Transaction = transaction;
        Assert.Throws<ConstraintException>(() => batch.ExecuteNonQuery());
        transaction.Commit();
        Assert.Equal(12, Number(connection, "SELECT count(*) FROM t"));
    }

    [Fact]
    public void Repeated_upserts_meet_each_other_in_order()
    {
        using NeuroConnection connection = Open(
            "CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT)");
        NeuroBatch batch = Batch(
            connection,
            "INSERT INTO t VALUES (@0, 1) ON CONFLICT (id) DO UPDATE SET n = n + 1",
            Enumerable.Range(0, 1000).Select(static i => new object[] { i % 10 }));
        Assert.Equal(1000, batch.ExecuteNonQuery());
        Assert.Equal(10, Number(connection, "SELECT count(*) FROM t WHERE n = 100"));
        Assert.Equal(1000, Number(connection, "SELECT total_changes()"));
    }

    [Fact]
    public void Repeated_inserts_that_number_rows_and_refer_to_their_own_table_go_in_order()
    {
        using NeuroConnection connection = Open(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES t)");
        NeuroBatch batch = Batch(
            connection,
            "INSERT INTO t VALUES (@0, @1)",
            [[DBNull.Value, DBNull.Value], [7, 1], [DBNull.Value, 7], [20, 8], [DBNull.Value, 22]]);
        Assert.Throws<ConstraintException>(() => batch.ExecuteNonQuery());
        Assert.Equal(4, Number(connection, "SELECT count(*) FROM t"));
        Assert.Equal(8, Number(connection, "SELECT id FROM t WHERE parent = 7"));
    }

    [Fact]
    public void Repeated_queries_by_a_key_give_the_rows_of_each()
    {
        using NeuroConnection connection = Open(
            "CREATE TABLE t (a BIGINT, b TEXT, v BIGINT, PRIMARY KEY (a, b));"
            + "INSERT INTO t SELECT g, 'k' || g % 3, g * 2 FROM generate_series(1, 9000) AS s(g);"
            + "CHECKPOINT; INSERT INTO t VALUES (10000, 'k1', -1); DELETE FROM t WHERE a = 4");
        NeuroBatch batch = Batch(
            connection,
            "SELECT v, v / (v - 10) FROM t WHERE b = @1 AND a = @0",
            [[1, "k1"], [4, "k1"], [10000, "k1"], [2, "k1"], [DBNull.Value, "k1"], [2, "k2"]]);
        var found = new List<string>();
        using (DbDataReader reader = batch.ExecuteReader())
        {
            do
            {
                found.Add(reader.Read() ? reader.GetInt64(0).ToString(null, null) : "none");
                Assert.False(reader.Read());
            }
            while (reader.NextResult());
        }

        Assert.Equal(["2", "none", "-1", "none", "none", "4"], found);
    }

    [Fact]
    public void Repeated_updates_and_deletes_by_a_key_count_what_each_changed()
    {
        using NeuroConnection connection = Open(
            "CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT);"
            + "INSERT INTO t SELECT g, 0 FROM generate_series(1, 100) AS s(g)");
        object[][] keys = [.. Enumerable.Range(91, 20).Select(static i => new object[] { i })];
        const string Update = "UPDATE t SET n = n + 1 WHERE id = @0";
        Assert.Equal(10, Batch(connection, Update, keys).ExecuteNonQuery());
        Assert.Equal(0, Number(connection, "SELECT changes()"));
        Assert.Equal(3, Batch(connection, Update, [[1], [1], [1]]).ExecuteNonQuery());
        Assert.Equal(3, Number(connection, "SELECT n FROM t WHERE id = 1"));
        Assert.Equal(10, Number(connection, "SELECT count(*) FROM t WHERE n = 1"));
        object[][] twice = [[1], [2], [2], [3]];
        Assert.Equal(
            3, Batch(connection, "DELETE FROM t WHERE id = @0", twice).ExecuteNonQuery());
        Assert.Equal(97, Number(connection, "SELECT count(*) FROM t"));
        Assert.Equal(116, Number(connection, "SELECT total_changes()"));
    }

    [Fact]
    public void Repeated_updates_of_one_row_go_in_order_and_have_one_commit()
    {
        const string Sql = "UPDATE t SET n = n * 2 + @1, at = now() WHERE id = @0";
        using NeuroConnection connection = Open(
            "CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT, at TIMESTAMPTZ);"
            + "INSERT INTO t SELECT i, i, NULL FROM generate_series(0, 99) AS g(i)");
        object[][] sets =
            [.. Enumerable.Range(0, 600).Select(static i => new object[] { i * i % 113, i % 5 })];
        var expected = Enumerable.Range(0, 100).Select(static i => (long)i).ToArray();
        int count = 0;
        foreach (object[] set in sets)
        {
            if ((int)set[0] < expected.Length)
            {
                ref long value = ref expected[(int)set[0]];
                value = (value * 2) + (int)set[1];
                count++;
            }
        }

        Assert.Equal(count, Batch(connection, Sql, sets).ExecuteNonQuery());
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], Number(connection, $"SELECT n FROM t WHERE id = {i}"));
        }

        Assert.Equal(1, Number(connection, "SELECT count(DISTINCT at) FROM t"));
        Assert.Equal(
            40, Batch(connection, Sql, Enumerable.Repeat(sets[1], 40)).ExecuteNonQuery());
    }

    [Fact]
    public void A_trigger_sees_the_rows_of_repeated_inserts_one_after_the_other()
    {
        using NeuroConnection connection = Open(
            "CREATE TABLE t (id BIGINT PRIMARY KEY); CREATE TABLE seen (n BIGINT);"
            + "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO seen SELECT count(*) FROM t; "
            + "END");
        NeuroBatch batch = Batch(connection, "INSERT INTO t VALUES (@0)", [[1], [2], [3]]);
        Assert.Equal(3, batch.ExecuteNonQuery());
        Assert.Equal(6, Number(connection, "SELECT sum(n) FROM seen"));
    }

    private static NeuroConnection Open(string script)
    {
        var connection = new NeuroConnection("Data Source=:memory:");
        connection.Open();
        using var command = new NeuroCommand(script, connection);
        command.ExecuteNonQuery();
        return connection;
    }

    private static NeuroBatch Batch(
        NeuroConnection connection, string text, IEnumerable<object[]> sets)
    {
        var batch = new NeuroBatch { Connection = connection };
        foreach (object[] set in sets)
        {
            var command = new NeuroBatchCommand(text);
            for (int i = 0; i < set.Length; i++)
            {
                command.Parameters.Add(new NeuroParameter($"@{i}", set[i]));
            }

            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private static long Number(NeuroConnection connection, string text)
    {
        using var command = new NeuroCommand(text, connection);
        return Convert.ToInt64(command.ExecuteScalar(), null);
    }
}
