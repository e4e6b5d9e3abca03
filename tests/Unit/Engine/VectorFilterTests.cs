namespace NeuroDb.Tests.Unit;

/// <summary>
/// The recall of an index under conditions: of chance, of rows near the queries, and of rows far
/// from them.
/// </summary>
public sealed class VectorFilterTests : IDisposable
{
    private const int RowCount = 16_384;
    private const int Dimension = 24;
    private const int QueryCount = 100;
    private readonly NeuroStore _database = NeuroStore.OpenInMemory();
    private readonly Session _session;
    private readonly ConditionRecall _recall;

    public VectorFilterTests()
    {
        _database.Execute(
            "CREATE TABLE items (id BIGINT PRIMARY KEY, chance INT, place INT, "
            + $"vec VECTOR({Dimension}))");
        _session = _database.OpenSession();
        _recall = new ConditionRecall(_session, Dimension, QueryCount);
        (float[][] vectors, int[] places) = _recall.Rows(RowCount);
        using (Appender appender = _session.CreateAppender("items"))
        {
            for (int row = 0; row < RowCount; row++)
            {
                appender.Append((long)row);
                appender.Append((int)((uint)row * 2654435769u % 1_000_003u % RowCount));
                appender.Append(places[row]);
                appender.Append(vectors[row].AsMemory());
                appender.EndRow();
            }

            appender.Complete();
        }

        _session.Execute("CREATE INDEX items_vec ON items USING vector (vec)");
        _session.Execute("REINDEX INDEX items_vec");
    }

    [Fact]
    public void A_condition_costs_no_recall_and_no_rows_however_it_lies_to_the_query()
    {
        double without = _recall.Of("FROM items i");
        Assert.InRange(without, 0.985, 1);
        foreach (double share in new[] { 0.001, 0.01, 0.1, 0.5 })
        {
            int limit = (int)(RowCount * share);
            string[] conditions =
            [
                $"WHERE chance < {limit}",
                $"WHERE place >= {RowCount - limit}",
                $"WHERE place < {limit}",
            ];
            foreach (string condition in conditions)
            {
                double recall = _recall.Of("FROM items i " + condition);
                Assert.True(
                    recall >= without - 0.002, $"{condition}: {recall}, without it {without}");
            }
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
    }
}
