using System.Data;
using System.Data.Common;
using Dapper;
using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Dapper over the ADO.NET provider, vectors included. Each test has its own database in memory.
/// </summary>
public sealed class DapperTests
{
    private static readonly Guid Key = Guid.Parse("33221100-5544-7766-9988-aabbccddeeff");

    static DapperTests()
    {
        // What docs/how-to/use-dapper.md tells: these types are values and no lists.
        SqlMapper.AddTypeMap(typeof(float[]), DbType.Object);
        SqlMapper.AddTypeMap(typeof(ReadOnlyMemory<float>), DbType.Object);
        SqlMapper.AddTypeMap(typeof(Stream), DbType.Binary);
        SqlMapper.AddTypeHandler(new DayHandler());
    }

    [Fact]
    public void Objects_come_back_as_they_were_stored()
    {
        using DbConnection connection = Open();
        Item[] items = Items();
        Assert.Equal(2, Store(connection, items));
        List<Item> read = [.. connection.Query<Item>("SELECT * FROM item ORDER BY id")];
        Assert.Equal(2, read.Count);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equivalent(items[i], read[i], strict: true);
        }
    }

    [Fact]
    public void Vectors_are_parameters_and_results()
    {
        using DbConnection connection = Open();
        Store(connection, Items());
        (int id, double distance) = connection.QuerySingle<(int, double)>(
            "SELECT id, vec <-> @q AS d FROM item ORDER BY d LIMIT 1",
            new { q = new float[] { 0, 2, 0 } });
        Assert.Equal((2, 1d), (id, distance));
        Assert.Equal(1, connection.QueryFirst<int>(
            "SELECT id FROM item ORDER BY similarity(vec, @q) LIMIT 1",
            new { q = new ReadOnlyMemory<float>([1, 0, 0]) }));
        var parameters = new DynamicParameters();
        parameters.Add("id", 2);
        parameters.Add("v", new float[] { 7, 8, 9 });
        connection.Execute("UPDATE item SET vec = @v WHERE id = @id", parameters);
        Assert.Equal(
            [7, 8, 9],
            connection.QuerySingle<float[]>("SELECT vec FROM item WHERE id = 2"));
    }

    [Fact]
    public void Lists_dynamic_rows_scalars_and_several_results_work()
    {
        using DbConnection connection = Open();
        Store(connection, Items());
        Assert.Equal(
            [1, 2],
            connection.Query<int>(
                "SELECT id FROM item WHERE id IN @ids ORDER BY id",
                new { ids = new[] { 1, 2, 9 } }));
        dynamic row = connection.QuerySingle("SELECT id, vec FROM item WHERE id = 1");
        Assert.Equal(1, (int)row.id);
        Assert.Equal([1, 0, 0], (float[])row.vec);
        Assert.Equal(2L, connection.ExecuteScalar<long>("SELECT count(*) FROM item"));
        using SqlMapper.GridReader results = connection.QueryMultiple(
            "SELECT 1; SELECT name FROM item ORDER BY id");
        Assert.Equal(1, results.ReadSingle<int>());
        Assert.Equal(["one", null], results.Read<string?>());
    }

    [Fact]
    public async Task Transactions_and_asynchronous_calls_work()
    {
        await using DbConnection connection = Open();
        Store(connection, Items());
        await using (DbTransaction transaction = await connection.BeginTransactionAsync())
        {
            await connection.ExecuteAsync("DELETE FROM item", transaction: transaction);
            await transaction.RollbackAsync();
        }

        IEnumerable<Item> found = await connection.QueryAsync<Item>(
            "SELECT id, name FROM item WHERE name = @name", new { name = "one" });
        Assert.Equal(1, Assert.Single(found).Id);
    }

    [Fact]
    public void A_stream_is_stored_through_a_file()
    {
        using var folder = new TemporaryFolder();
        using var connection = new NeuroConnection(
            $"Data Source={Path.Combine(folder.Path, "db")}");
        connection.Open();
        connection.Execute("CREATE TABLE film (id INTEGER PRIMARY KEY, data BLOB)");
        connection.Execute(
            "INSERT INTO film VALUES (1, @data)", new { data = (Stream)new NumberStream(300_000) });
        Assert.Equal(
            300_000L, connection.ExecuteScalar<long>("SELECT length(data) FROM film"));
        Assert.Equal(
            NumberStream.Bytes(300_000),
            connection.QuerySingle<byte[]>("SELECT data FROM film"));
    }

    private static NeuroConnection Open()
    {
        var connection = new NeuroConnection("Data Source=:memory:");
        connection.Open();
        connection.Execute(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, vec VECTOR(3), "
            + "price DECIMAL(8, 2), day DATE, at TIMESTAMP, key UUID, data BLOB, ok BOOLEAN)");
        return connection;
    }

    private static int Store(DbConnection connection, Item[] items) => connection.Execute(
        "INSERT INTO item VALUES (@Id, @Name, @Vec, @Price, @Day, @At, @Key, @Data, @Ok)", items);

    private static Item[] Items() =>
    [
        new(1, "one", [1, 0, 0], 1.50m, new(2024, 1, 2), new(2024, 1, 2, 3, 4, 5), Key, [1], true),
        new(2, null, [0, 1, 0], null, new(2024, 1, 3), new(2023, 1, 1), Key, [], false),
    ];

    private sealed record Item(
        int Id,
        string? Name,
        float[]? Vec,
        decimal? Price,
        DateOnly Day,
        DateTime At,
        Guid Key,
        byte[]? Data,
        bool Ok)
    {
        public Item()
            : this(0, null, null, null, default, default, default, null, false)
        {
        }
    }

    private sealed class DayHandler : SqlMapper.TypeHandler<DateOnly>
    {
        public override DateOnly Parse(object value) => DateOnly.FromDateTime((DateTime)value);

        public override void SetValue(IDbDataParameter parameter, DateOnly value) =>
            parameter.Value = value;
    }
}
