using System.Collections;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// What nobody should give a vector search, with an index and without: a typed error or the right
/// answer, and no row is lost.
/// </summary>
public sealed class VectorBadInputTests : IDisposable
{
    private const int RowCount = 4_500;
    private readonly NeuroStore _database = NeuroStore.OpenInMemory();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_vector_of_another_dimension_is_refused(bool hasIndex)
    {
        Fill(hasIndex);
        Refuses("INSERT INTO t (id, v) VALUES (-1, ?)", ErrorCode.DimensionMismatch, new float[5]);
        Refuses("INSERT INTO t (id, h) VALUES (-1, ?)", ErrorCode.DimensionMismatch, new Half[3]);
        Refuses("UPDATE t SET v = ? WHERE id = 3", ErrorCode.DimensionMismatch, new float[3]);
        Refuses(
            "SELECT id FROM t ORDER BY v <=> ? LIMIT 3", ErrorCode.DimensionMismatch,
            new float[5]);
        Refuses(
            "SELECT id FROM t ORDER BY h <-> ? LIMIT 3", ErrorCode.DimensionMismatch,
            new float[3]);
        Refuses(
            "SELECT id FROM t ORDER BY b <~> ? LIMIT 3", ErrorCode.DimensionMismatch,
            new BitArray(9));
        CheckRows();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_value_that_is_no_vector_is_refused(bool hasIndex)
    {
        Fill(hasIndex);
        foreach (string sql in (string[])
            [
                "INSERT INTO t (id, v) VALUES (-1, 7)",
                "INSERT INTO t (id, v) VALUES (-1, 'no vector')",
                "INSERT INTO t (id, v) VALUES (-1, '[1,2,3,\"4\"]')",
                "SELECT id FROM t ORDER BY v <-> 7 LIMIT 3",
                "SELECT id FROM t ORDER BY v <=> 'no vector' LIMIT 3",
                "SELECT id FROM t ORDER BY note <=> '[1,2,3,4]' LIMIT 3",
                "SELECT id FROM t ORDER BY v <~> '[1,2,3,4]' LIMIT 3",
                "SELECT id FROM t ORDER BY b <-> '[1,2,3,4]' LIMIT 3",
            ])
        {
            Assert.ThrowsAny<NeuroStoreException>(() => Run(sql));
        }

        CheckRows();
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_number_that_is_not_finite_is_refused(float number)
    {
        foreach (bool hasIndex in (bool[])[false, true])
        {
            Fill(hasIndex);
            float[] bad = [1, number, 0, 2];
            Refuses("INSERT INTO t (id, v) VALUES (-1, ?)", ErrorCode.NonFiniteVector, bad);
            Refuses("UPDATE t SET v = ? WHERE id = 3", ErrorCode.NonFiniteVector, bad);
            Refuses(
                "SELECT id FROM t ORDER BY v <=> ? LIMIT 3", ErrorCode.NonFiniteVector, bad);
            CheckRows();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_number_of_rows_may_be_asked_for(bool hasIndex)
    {
        Fill(hasIndex);
        float[] query = [1, 2, 3, 4];
        Assert.Empty(Run("SELECT id FROM t ORDER BY v <=> ? LIMIT 0", query));
        Assert.Equal(RowCount, Run("SELECT id FROM t ORDER BY v <=> ? LIMIT 100000", query).Count);
        Assert.Empty(Run("SELECT id FROM t ORDER BY v <=> ? LIMIT 5 OFFSET 100000", query));
        Assert.Equal(3, Run("SELECT id FROM t WHERE id < 3 ORDER BY v <=> ? LIMIT 9", query).Count);
        Assert.ThrowsAny<NeuroStoreException>(
            () => Run("SELECT id FROM t ORDER BY v <=> ? LIMIT 'many'", query));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Zero_vectors_under_the_cosine_come_last_and_find_all_rows(bool hasIndex)
    {
        Fill(hasIndex);
        Run("UPDATE t SET v = '[0,0,0,0]' WHERE id IN (5, 6)");
        float[] query = [1, 2, 3, 4];
        List<long> all = Run("SELECT id FROM t ORDER BY v <=> ? LIMIT 4500", query);
        Assert.Equal([5L, 6L], all.TakeLast(2).Order());
        Assert.Equal(RowCount, all.Distinct().Count());
        Assert.Equal(7, Run("SELECT id FROM t ORDER BY v <=> ? LIMIT 7", new float[4]).Count);
        Assert.DoesNotContain(
            5L, Run("SELECT id FROM t ORDER BY v <=> ? LIMIT 50", query));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_empty_table_has_no_nearest_row(bool hasIndex)
    {
        Fill(hasIndex);
        Run("DELETE FROM t");
        Assert.Empty(Run("SELECT id FROM t ORDER BY v <=> '[1,2,3,4]' LIMIT 3"));
        Assert.Empty(Run("SELECT id FROM t WHERE v <=> '[1,2,3,4]' < 0.5"));
        Assert.Empty(Run(
            "SELECT a.id FROM t a JOIN LATERAL "
            + "(SELECT id FROM t ORDER BY v <=> a.v LIMIT 3) b ON TRUE"));
    }

    [Theory]
    [InlineData("(note vector_cosine_ops)")]
    [InlineData("(id vector_l2_ops)")]
    [InlineData("(b vector_l2_ops)")]
    [InlineData("(v bit_hamming_ops)")]
    [InlineData("(v vector_l1_ops)")]
    [InlineData("(free)")]
    [InlineData("(v, h)")]
    [InlineData("(missing)")]
    public void An_index_that_no_search_could_use_is_refused(string columns)
    {
        Fill(hasIndex: false);
        Assert.ThrowsAny<NeuroStoreException>(
            () => Run($"CREATE INDEX bad ON t USING vector {columns}"));
        CheckRows();
    }

    public void Dispose() => _database.Dispose();

    private void Fill(bool hasIndex)
    {
        Run("DROP TABLE IF EXISTS t");
        Run(
            "CREATE TABLE t (id BIGINT PRIMARY KEY, note TEXT, v VECTOR(4), h HALFVEC(4), "
            + "b BITVEC(8), free VECTOR)");
        var random = new Random(3);
        using (Appender appender = _database.CreateAppender("t", "id", "note", "v", "h"))
        {
            for (long id = 0; id < RowCount; id++)
            {
                float[] vector = [.. Enumerable.Range(0, 4).Select(_ => random.NextSingle() + 1)];
                appender.AppendRow(
                    id, "note", vector, Array.ConvertAll(vector, static x => (Half)x));
            }

            appender.Complete();
        }

        if (hasIndex)
        {
            Run("CREATE INDEX t_v ON t USING vector (v vector_cosine_ops)");
            Run("CREATE INDEX t_h ON t USING vector (h)");
            Run("REINDEX TABLE t");
        }
    }

    private void Refuses(string sql, ErrorCode expected, object value)
    {
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(() => Run(sql, value));
        Assert.Equal(expected, error.Code);
    }

    private void CheckRows()
    {
        Assert.Equal([RowCount], Run("SELECT count(*) FROM t"));
        Assert.Equal(
            [3L], Run("SELECT id FROM t ORDER BY v <=> (SELECT v FROM t WHERE id = 3) LIMIT 1"));
    }

    private List<long> Run(string sql, params object[] values)
    {
        var first = new List<long>();
        using Session session = _database.OpenSession();
        using ResultReader reader = session.Query(sql, values);
        while (reader.FieldCount > 0 && reader.Read())
        {
            first.Add(reader.GetInt64(0));
        }

        return first;
    }
}
