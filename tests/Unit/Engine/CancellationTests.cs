using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>Statements that are stopped: they end, and leave everything usable.</summary>
public sealed class CancellationTests
{
    /// <summary>Statements that would run for minutes or hours.</summary>
    public static TheoryData<string> LongStatements =>
    [
        "SELECT count(*) FROM n a, n b, n c, n d",
        "SELECT a.i FROM n a JOIN n b ON a.i < b.i JOIN n c ON c.i <> b.i ORDER BY c.i * a.i",
        "SELECT a.i * b.i % 1000, count(*), sum(c.i) FROM n a, n b, n c GROUP BY 1",
        "SELECT DISTINCT a.i + b.i * c.i FROM n a, n b, n c",
        "SELECT sum((SELECT count(*) FROM n b, n c, n d WHERE b.i <> a.i)) FROM n a",
        "INSERT INTO n SELECT a.i, a.v FROM n a, n b, n c",
        "UPDATE n SET i = (SELECT max(a.i * b.i * c.i) FROM n a, n b, n c)",
        "DELETE FROM n WHERE i < (SELECT count(*) FROM n a, n b, n c)",
        "SELECT a.i FROM n a, n b, n c ORDER BY a.v <-> b.v LIMIT 3",
        "SELECT avg(similarity(a.v, b.v)) FROM n a, n b, n c",
    ];

    [Theory]
    [MemberData(nameof(LongStatements))]
    public async Task A_token_stops_a_long_statement(string sql)
    {
        using NeuroStore database = Open();
        using Session session = database.OpenSession();
        using var stop = new CancellationTokenSource();
        Task<long> running = session.ExecuteAsync(sql, null, stop.Token);
        stop.CancelAfter(TimeSpan.FromMilliseconds(30));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(2000, session.QueryScalar<long>("SELECT count(*) FROM n"));
        Assert.Equal(1999, session.QueryScalar<long>("SELECT max(i) FROM n"));
    }

    [Fact]
    public async Task A_token_stops_a_query_between_its_rows()
    {
        using NeuroStore database = Open();
        using Session session = database.OpenSession();
        using var stop = new CancellationTokenSource();
        await using ResultReader reader = await session.QueryAsync(
            "SELECT a.i FROM n a, n b, n c", null, stop.Token);
        Assert.True(reader.Read());
        await stop.CancelAsync();
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(() =>
        {
            while (reader.Read())
            {
            }
        });
        Assert.Equal(ErrorCode.Cancelled, error.Code);
        Assert.Equal(2000, session.QueryScalar<long>("SELECT count(*) FROM n"));
    }

    [Fact]
    public async Task A_statement_that_was_stopped_leaves_its_transaction_open()
    {
        using NeuroStore database = Open();
        using Session session = database.OpenSession();
        using Transaction transaction = session.BeginTransaction();
        session.Execute("DELETE FROM n WHERE i < 10");
        using var stop = new CancellationTokenSource();
        Task<long> running = session.ExecuteAsync(
            "INSERT INTO n SELECT a.i, a.v FROM n a, n b, n c", null, stop.Token);
        stop.CancelAfter(TimeSpan.FromMilliseconds(30));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        transaction.Commit();
        Assert.Equal(1990, session.QueryScalar<long>("SELECT count(*) FROM n"));
    }

    [Fact]
    public async Task A_command_is_cancelled_from_another_thread()
    {
        using NeuroStore database = Open();
        using NeuroConnection connection = database.DataSource.OpenConnection();
        using NeuroCommand command = new("SELECT count(*) FROM n a, n b, n c, n d", connection);
        Task<object?> running = Task.Run(command.ExecuteScalar);
        while (!running.IsCompleted)
        {
            command.Cancel();
            await Task.Yield();
        }

        NeuroStoreException error = await Assert.ThrowsAsync<NeuroStoreException>(() => running);
        Assert.Equal(ErrorCode.Cancelled, error.Code);
        command.CommandText = "SELECT count(*) FROM n";
        Assert.Equal(2000L, command.ExecuteScalar());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_command_ends_at_its_time_limit(bool isAsync)
    {
        using NeuroStore database = Open();
        using NeuroConnection connection = database.DataSource.OpenConnection();
        using NeuroCommand command = new("SELECT count(*) FROM n a, n b, n c, n d", connection);
        command.CommandTimeout = 1;
        NeuroStoreException error = isAsync
            ? await Assert.ThrowsAsync<NeuroStoreException>(() => command.ExecuteScalarAsync())
            : Assert.Throws<NeuroStoreException>(() => command.ExecuteScalar());
        Assert.Equal(ErrorCode.Cancelled, error.Code);
        Assert.Contains("limit of 1 seconds", error.Message, StringComparison.Ordinal);
        command.CommandText = "INSERT INTO n (i) VALUES (5000)";
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private static NeuroStore Open()
    {
        NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE n (i BIGINT, v VECTOR(8))");
        using Appender appender = database.CreateAppender("n");
        for (int i = 0; i < 2000; i++)
        {
            appender.AppendRow(i, new float[] { i, 1, 2, 3, 4, 5, 6, 7 });
        }

        appender.Complete();
        return database;
    }
}
