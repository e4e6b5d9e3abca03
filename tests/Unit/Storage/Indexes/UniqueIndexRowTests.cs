namespace NeuroDb.Tests.Unit;

/// <summary>
/// Rows of one commit each in a table with a UNIQUE index: a row is refused if and only if another
/// one that lives has its key, over runs, merges, checkpoints and deletes.
/// </summary>
public sealed class UniqueIndexRowTests
{
    private const int KeyCount = 9000;
    private const int StepCount = 12_000;

    [Theory]
    [InlineData("BIGINT", "a", 1)]
    [InlineData("BIGINT", "a, b", 2)]
    [InlineData("TEXT", "a", 3)]
    [InlineData("TEXT", "b DESC, a", 4)]
    [InlineData("DOUBLE", "a DESC", 5)]
    public void A_row_is_refused_exactly_if_its_key_is_there(string type, string columns, int seed)
    {
        using var folder = new TemporaryFolder();
        using NeuroStore database = NeuroStore.Open(folder.Path);
        using Session session = database.OpenSession();
        session.Execute("SET durability = 'none'");
        session.Execute($"CREATE TABLE t (a {type}, b BIGINT)");
        session.Execute($"CREATE UNIQUE INDEX t_u ON t ({columns})");
        using Statement insert = session.Prepare("INSERT INTO t VALUES (?, ?)");
        using Statement delete = session.Prepare("DELETE FROM t WHERE a = ? AND b = ?");
        bool isPair = columns.Contains(',', StringComparison.Ordinal);
        var rows = new Dictionary<(int, int), (int A, int B)>();
        var random = new Random(seed);
        for (int step = 0; step < StepCount; step++)
        {
            (int a, int b) = (random.Next(KeyCount), random.Next(3));
            (int, int) key = (a, isPair ? b : 0);
            bool isThere = rows.TryGetValue(key, out (int A, int B) old);
            if (isThere && random.Next(2) == 0)
            {
                Assert.Equal(1, delete.Execute(ValueOf(type, old.A), (long)old.B));
                Assert.True(rows.Remove(key));
            }
            else if (isThere)
            {
                Assert.Throws<ConstraintException>(
                    () => insert.Execute(ValueOf(type, a), (long)b));
            }
            else
            {
                insert.Execute(ValueOf(type, a), (long)b);
                rows.Add(key, (a, b));
            }

            if (step == StepCount / 2)
            {
                session.Execute("CHECKPOINT");
            }
        }

        Assert.Equal(rows.Count, session.QueryScalar<long>("SELECT count(*) FROM t"));
        Assert.Equal(
            rows.Count,
            session.QueryScalar<long>($"SELECT count(*) FROM (SELECT DISTINCT {
                (isPair ? "a, b" : "a")} FROM t) AS d"));
    }

    [Fact]
    public void A_NULL_equals_nothing_and_rows_of_one_transaction_see_each_other()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("CREATE TABLE t (a BIGINT)");
        session.Execute("CREATE UNIQUE INDEX t_u ON t (a)");
        using Statement insert = session.Prepare("INSERT INTO t VALUES (?)");
        insert.Execute(new object?[] { null });
        insert.Execute(new object?[] { null });
        session.Execute("BEGIN");
        insert.Execute(1L);
        Assert.Throws<ConstraintException>(() => insert.Execute(1L));
        insert.Execute(2L);
        session.Execute("COMMIT");
        Assert.Throws<ConstraintException>(() => insert.Execute(2L));

        Assert.Equal(4, session.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    // Texts of one beginning, which their codes do not tell apart.
    private static object ValueOf(string type, int number) => type switch
    {
        "TEXT" => $"beginning {number % 50} {number}",
        "DOUBLE" => number / 3.0,
        _ => (long)number,
    };
}
