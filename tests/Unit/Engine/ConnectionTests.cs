using System.Data;
using System.Data.Common;
using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>The ADO.NET provider.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public void A_script_gives_its_results_one_after_the_other()
    {
        using NeuroConnection connection = OpenInMemory();
        using NeuroCommand command = connection.CreateCommand();
        command.CommandText = """
            CREATE TABLE t (id BIGINT PRIMARY KEY, s TEXT);
            INSERT INTO t VALUES (1, @s), (2, NULL);
            SELECT id, s FROM t ORDER BY id;
            SELECT count(*) FROM t
            """;
        command.Parameters.AddWithValue("s", "one");
        using NeuroDataReader reader = command.ExecuteReader();
        Assert.True(reader.HasRows);
        Assert.True(reader.Read());
        Assert.Equal("one", reader.GetFieldValue<string>(1));
        Assert.True(reader.Read());
        Assert.True(reader.IsDBNull(1));
        Assert.False(reader.Read());
        Assert.True(reader.NextResult());
        Assert.True(reader.Read());
        Assert.Equal(2L, reader[0]);
        Assert.False(reader.NextResult());
        Assert.Equal(2, reader.RecordsAffected);
    }

    [Fact]
    public void A_transaction_that_is_disposed_leaves_nothing()
    {
        using NeuroConnection connection = OpenInMemory();
        Run(connection, "CREATE TABLE t (id BIGINT PRIMARY KEY)");
        using (NeuroTransaction transaction =
            connection.BeginTransaction(IsolationLevel.ReadCommitted))
        {
            Assert.Equal(IsolationLevel.Snapshot, transaction.IsolationLevel);
            Run(connection, "INSERT INTO t VALUES (1)", transaction);
        }

        using NeuroCommand count = new("SELECT count(*) FROM t", connection);
        Assert.Equal(0L, count.ExecuteScalar());
    }

    [Fact]
    public void Serializable_is_granted_and_every_level_up_to_snapshot_gives_snapshot()
    {
        using NeuroConnection connection = OpenInMemory();
        using (NeuroTransaction strict = connection.BeginTransaction(IsolationLevel.Serializable))
        {
            Assert.Equal(IsolationLevel.Serializable, strict.IsolationLevel);
        }

        using NeuroTransaction weak = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        Assert.Equal(IsolationLevel.Snapshot, weak.IsolationLevel);
    }

    [Fact]
    public void Connections_to_one_directory_share_it_and_the_last_one_frees_it()
    {
        string folder = Directory.CreateTempSubdirectory("neurostore").FullName;
        string text = $"Data Source={folder}";
        using (var one = new NeuroConnection(text))
        using (var two = new NeuroConnection(text))
        {
            one.Open();
            two.Open();
            Run(one, "CREATE TABLE t (id BIGINT PRIMARY KEY)");
            Run(two, "INSERT INTO t VALUES (1)");
            Assert.Equal(
                ErrorCode.DatabaseLocked,
                Assert.Throws<NeuroStoreException>(() => NeuroStore.Open(folder)).Code);
        }

        using (NeuroStore alone = NeuroStore.Open(folder))
        {
            Assert.Equal(1, alone.QueryScalar<long>("SELECT count(*) FROM t"));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_cancelled_token_cancels_the_task()
    {
        using NeuroConnection connection = OpenInMemory();
        using NeuroCommand command = new("SELECT 1", connection);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => command.ExecuteScalarAsync(new CancellationToken(true)));
    }

    [Fact]
    public void Schemas_describe_tables_and_results()
    {
        using NeuroConnection connection = OpenInMemory();
        Run(connection, "CREATE TABLE t (id BIGINT PRIMARY KEY, v VECTOR(3))");
        Assert.Equal("t", connection.GetSchema("Tables").Rows[0]["TABLE_NAME"]);
        Assert.Equal("VECTOR(3)", connection.GetSchema("Columns").Rows[1]["DATA_TYPE"]);
        using NeuroCommand command = new("SELECT * FROM t", connection);
        using NeuroDataReader reader = command.ExecuteReader();
        DbColumn column = reader.GetColumnSchema()[1];
        Assert.Equal(typeof(float[]), column.DataType);
        Assert.Equal("v", reader.GetSchemaTable()!.Rows[1]["ColumnName"]);
    }

    [Theory]
    [InlineData("Nothing=1")]
    [InlineData("Durability=Sometimes")]
    [InlineData("Threads=-1")]
    public void A_wrong_connection_string_is_refused_when_it_is_set(string text) =>
        Assert.ThrowsAny<ArgumentException>(() => new NeuroConnection(text));

    [Fact]
    public void The_builder_knows_other_names_of_its_keys()
    {
        var builder = new NeuroConnectionStringBuilder(
            "Filename=a;durability=async;Default Timeout=5");
        Assert.Equal("a", builder.DataSource);
        Assert.Equal(Durability.Async, builder.Durability);
        Assert.Equal(5, builder.CommandTimeout);
    }

    private static NeuroConnection OpenInMemory()
    {
        var connection = new NeuroConnection("Data Source=:memory:");
        connection.Open();
        return connection;
    }

    private static void Run(
        NeuroConnection connection, string sql, NeuroTransaction? transaction = null)
    {
        using NeuroCommand command = new(sql, connection) { Transaction = transaction };
        command.ExecuteNonQuery();
    }
}
