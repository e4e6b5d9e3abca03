using System.Data;
using System.Data.Common;
using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>Commands and readers in the ways that mappers and frameworks use them.</summary>
public sealed class CommandTests
{
    private const string Script =
        "CREATE TABLE t (id BIGINT PRIMARY KEY, s TEXT, d DECIMAL(6, 2), b BLOB);"
        + "INSERT INTO t VALUES (1, 'one', 1.50, X'0102'), (2, NULL, NULL, NULL)";

    [Fact]
    public void The_factory_makes_everything_by_its_registered_name()
    {
        DbProviderFactories.RegisterFactory("NeuroStore.Test", NeuroProviderFactory.Instance);
        DbProviderFactory factory = DbProviderFactories.GetFactory("NeuroStore.Test");
        using DbConnection connection = factory.CreateConnection()!;
        connection.ConnectionString = "Data Source=:memory:";
        connection.Open();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT @a + ?";
        DbParameter parameter = factory.CreateParameter()!;
        parameter.ParameterName = "@a";
        parameter.Value = 40;
        command.CommandText = "SELECT @a + 2";
        command.Parameters.Add(parameter);
        Assert.Equal(42L, Convert.ToInt64(command.ExecuteScalar(), null));
        Assert.Same(factory, DbProviderFactories.GetFactory(connection));
        using DbDataSource source = factory.CreateDataSource("Data Source=:memory:");
        using DbCommand shortest = source.CreateCommand("SELECT 7");
        Assert.Equal(7L, Convert.ToInt64(shortest.ExecuteScalar(), null));
    }

    [Fact]
    public void A_scalar_of_no_row_is_null_and_of_NULL_is_DBNull()
    {
        using NeuroConnection connection = Open();
        Assert.Null(Scalar(connection, "SELECT id FROM t WHERE id = 99"));
        Assert.Equal(DBNull.Value, Scalar(connection, "SELECT s FROM t WHERE id = 2"));
        Assert.Equal("one", Scalar(connection, "SELECT s FROM t WHERE id = 1"));
        Assert.Equal(1.50m, Scalar(connection, "SELECT d FROM t WHERE id = 1"));
        Assert.Null(Scalar(connection, "DELETE FROM t WHERE id = 77"));
    }

    [Fact]
    public void A_reader_says_what_is_wrong_where_it_is_used_wrongly()
    {
        using NeuroConnection connection = Open();
        using NeuroCommand command = new("SELECT id, s, b FROM t ORDER BY id", connection);
        using NeuroDataReader reader = command.ExecuteReader();
        Assert.Throws<InvalidOperationException>(() => reader.GetInt64(0));
        Assert.True(reader.Read());
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetInt64(3));
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetOrdinal("nothing"));
        Assert.Throws<InvalidCastException>(() => reader.GetInt64(1));
        var bytes = new byte[8];
        Assert.Equal(2, reader.GetBytes(2, 0, null, 0, 0));
        Assert.Equal(1, reader.GetBytes(2, 1, bytes, 3, 5));
        Assert.Equal(2, bytes[3]);
        Assert.Throws<InvalidOperationException>(
            () => Scalar(connection, "SELECT 1"));
        Assert.True(reader.Read());
        Assert.Equal(DBNull.Value, reader.GetValue(1));
        Assert.Throws<InvalidCastException>(() => reader.GetString(1));
        Assert.False(reader.Read());
        Assert.False(reader.Read());
        Assert.Throws<InvalidOperationException>(() => reader.GetInt64(0));
        reader.Close();
        Assert.True(reader.IsClosed);
        Assert.Throws<InvalidOperationException>(() => reader.Read());
    }

    [Fact]
    public void A_reader_fills_a_DataTable()
    {
        using NeuroConnection connection = Open();
        using NeuroCommand command = new("SELECT id, s, d FROM t ORDER BY id", connection);
        using NeuroDataReader reader = command.ExecuteReader(CommandBehavior.CloseConnection);
        var table = new DataTable();
        table.Load(reader);
        Assert.Equal(2, table.Rows.Count);
        Assert.Equal(1.50m, table.Rows[0]["d"]);
        reader.Dispose();
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public async Task Everything_works_asynchronously()
    {
        await using NeuroConnection connection = new("Data Source=:memory:");
        await connection.OpenAsync();
        await using NeuroCommand command = connection.CreateCommand();
        command.CommandText = Script;
        Assert.Equal(2, await command.ExecuteNonQueryAsync());
        await using (DbTransaction transaction = await connection.BeginTransactionAsync())
        {
            command.CommandText = "INSERT INTO t (id) VALUES (3), (4)";
            command.Transaction = (NeuroTransaction)transaction;
            Assert.Equal(2, await command.ExecuteNonQueryAsync());
            await transaction.CommitAsync();
        }

        command.Transaction = null;
        command.CommandText = "SELECT count(*) FROM t; DELETE FROM t WHERE id = 4; SELECT 5";
        await using (DbDataReader reader = await command.ExecuteReaderAsync())
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal(4L, await reader.GetFieldValueAsync<long>(0));
            Assert.True(await reader.NextResultAsync());
            Assert.True(await reader.ReadAsync());
            Assert.Equal(1, reader.RecordsAffected);
            Assert.False(await reader.NextResultAsync());
        }

        command.CommandText = "SELECT nothing";
        await Assert.ThrowsAsync<NeuroStoreException>(() => command.ExecuteScalarAsync());
        command.CommandText = "INSERT INTO t (id) VALUES (1)";
        await Assert.ThrowsAsync<ConstraintException>(() => command.ExecuteNonQueryAsync());
        command.CommandText = "SELECT count(*) FROM t";
        Assert.Equal(3L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Asynchronous_commands_of_many_connections_commit_together()
    {
        var files = new MemoryFileSystem(keepsJournal: false);
        var options = new NeuroStoreOptions { Seams = SystemSeams.Real() with { Files = files } };
        await using NeuroStore database = NeuroStore.Open("/async/db", options);
        database.Execute("CREATE TABLE c (id BIGINT PRIMARY KEY)");
        await Task.WhenAll(Enumerable.Range(0, 32).Select(async writer =>
        {
            await using NeuroConnection connection = database.CreateConnection();
            await connection.OpenAsync();
            await using NeuroCommand insert = new("INSERT INTO c VALUES (@id)", connection);
            for (int i = 0; i < 10; i++)
            {
                insert.Parameters.Clear();
                insert.Parameters.AddWithValue("id", (writer * 10) + i);
                Assert.Equal(1, await insert.ExecuteNonQueryAsync());
            }
        }));
        Assert.Equal(320, database.QueryScalar<long>("SELECT count(*) FROM c"));
    }

    private static NeuroConnection Open()
    {
        var connection = new NeuroConnection("Data Source=:memory:");
        connection.Open();
        using NeuroCommand command = new(Script, connection);
        command.ExecuteNonQuery();
        return connection;
    }

    private static object? Scalar(NeuroConnection connection, string sql)
    {
        using NeuroCommand command = new(sql, connection);
        return command.ExecuteScalar();
    }
}
