namespace NeuroDb.Tests.Unit;

/// <summary>Bulk appending.</summary>
public sealed class AppenderTests
{
    [Fact]
    public void Rows_of_every_way_to_append_are_all_there()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY, d DOUBLE PRECISION, v VECTOR(2))");
        using (Appender appender = database.CreateAppender("t"))
        {
            for (int i = 0; i < 5000; i++)
            {
                appender.Append(i).Append(i * 0.5).Append(new float[] { i, 1 }).EndRow();
            }

            appender.AppendRow(5000, 2500.0, null);
            appender.AppendColumns(
                new long[] { 5001, 5002 }, new double[] { 1, 2 }, new float[][] { [1, 2], [3, 4] });
            Assert.Equal(5003, appender.RowCount);
            appender.Complete();
        }

        Assert.Equal(5003, database.QueryScalar<long>("SELECT count(*) FROM t"));
        Assert.Equal(1250.0, database.QueryScalar<double>("SELECT d FROM t WHERE id = 2500"));
        Assert.Equal(
            [3f, 4f], database.QueryScalar<float[]>("SELECT v FROM t WHERE id = 5002")!);
    }

    [Fact]
    public void Disposing_without_complete_rolls_back()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE t (id BIGINT PRIMARY KEY)");
        using (Appender appender = database.CreateAppender("t"))
        {
            appender.AppendRow(1);
        }

        Assert.Equal(0, database.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_value_that_does_not_fit_leaves_its_column_to_another_value()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE t (id INTEGER NOT NULL, s TEXT)");
        using Appender appender = database.CreateAppender("t");
        Assert.Throws<NeuroStoreException>(() => appender.Append(1L << 40));
        appender.Append(7).Append("seven").EndRow();
        Assert.Throws<NeuroStoreException>(appender.EndRow);
        appender.Complete();
        Assert.Equal("seven", database.QueryScalar<string>("SELECT s FROM t WHERE id = 7"));
    }
}
