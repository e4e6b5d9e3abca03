namespace NeuroDb.Tests.Unit;

/// <summary>What is expected of conditions whose values are not known beforehand.</summary>
public sealed class ParameterEstimateTests
{
    [Theory]
    [InlineData("n")]
    [InlineData("u")]
    public void A_list_of_parameters_has_the_rows_of_as_many_values(string column)
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE t (id BIGINT, n BIGINT, u UUID)");
        database.Execute(
            "INSERT INTO t SELECT i, i % 5000, CAST('00000000-0000-4000-8000-' "
            + "|| lpad(CAST(i % 5000 AS TEXT), 12, '0') AS UUID) "
            + "FROM generate_series(1, 50000) AS s(i)");
        database.Execute("ANALYZE t");
        object?[] values = column == "n"
            ? [1L, 2L, 3L]
            : [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        string plan = database.QueryScalar<string>(
            $"EXPLAIN SELECT id FROM t WHERE {column} IN (?, ?, ?)", values)!;
        Assert.Contains("(about 30 rows", plan, StringComparison.Ordinal);
    }
}
