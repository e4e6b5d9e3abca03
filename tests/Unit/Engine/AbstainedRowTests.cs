namespace NeuroDb.Tests.Unit;

/// <summary>Rows that a contract of precision left out are there again after a reopening.</summary>
public sealed class AbstainedRowTests
{
    [Fact]
    public void Rows_that_were_left_out_survive_a_reopening_and_queries_go_on_being_numbered()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "data");
        using (NeuroStore database = NeuroStore.Open(path))
        using (Session session = database.OpenSession())
        {
            session.Execute("CREATE TABLE r AS SELECT i AS id, (i * 7919 % 1000) / 1000.0 AS x, "
                + "CASE WHEN (i * 104729 % 997) / 997.0 < (i * 7919 % 1000) / 1000.0 THEN 'neg' "
                + "ELSE 'pos' END AS mood FROM generate_series(1, 3000) AS g (i)");
            session.Execute("CREATE MODEL m PREDICT mood USING logistic SPLIT (train .5, "
                + "validation .4, test .1) WITH (epochs = 20, learning_rate = .05) "
                + "AS SELECT x, mood FROM r");
            Ask(session);
            Assert.Equal(1L, Query(session, "SELECT max(query_id) FROM neuro.abstained"));
        }

        long before;
        using (NeuroStore database = NeuroStore.Open(path))
        using (Session session = database.OpenSession())
        {
            before = Query(session, "SELECT count(*) FROM neuro.abstained WHERE query_id = 1");
            Assert.True(before > 50, $"{before}");
            Ask(session);
            Assert.Equal(2L, Query(session, "SELECT max(query_id) FROM neuro.abstained"));
            Assert.Equal(before, Query(
                session,
                "SELECT count(*) FROM neuro.abstained WHERE query_id = 2 AND model = 'm' AND "
                + "label = 'neg' AND probability < threshold AND json_extract(inputs, '$.x') "
                + "IS NOT NULL"));
        }

        using (NeuroStore database = NeuroStore.Open(path))
        using (Session session = database.OpenSession())
        {
            Assert.Equal(2 * before, Query(session, "SELECT count(*) FROM neuro.abstained"));
        }
    }

    private static void Ask(Session session) => Query(
        session,
        "SELECT count(*) FROM r WHERE predict(m USING *) = 'neg' WITH PRECISION >= .85");

    private static long Query(Session session, string sql)
    {
        using ResultReader reader = session.Query(sql);
        Assert.True(reader.Read());
        return reader.GetInt64(0);
    }
}
