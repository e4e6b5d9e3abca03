using System.Globalization;
using System.Text;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Students' scores that have nothing to do with their names and ages: an honest model says so.
/// </summary>
public sealed class StudentsExampleTests
{
    private const string Create =
        """
        CREATE MODEL score_net TYPE regressor PREDICT score
          TRANSFORM (standard_scaler(age) AS age, hash_buckets(name, 32) AS name)
          USING mlp(64, 64) SPLIT (train .8, validation .1, test .1)
          WITH (optimizer='adam', loss='mse', epochs=10, batch_size=10, seed=1)
          AS SELECT name, age, score FROM students
        """;

    [Fact]
    public void A_model_of_random_scores_is_not_better_than_the_mean()
    {
        using var database = new QueryFixture(
            "CREATE TABLE students (name TEXT, age INT, score DOUBLE)");
        database.Rows(Insert(1000));
        string[] row = database.Line(Create).Split('|');
        Assert.Equal("score_net 1 true r2", string.Join(' ', row[..4]));
        double r2 = double.Parse(row[4], CultureInfo.InvariantCulture);
        Assert.InRange(r2, -0.5, 0.1);
        Assert.NotEqual("better than the baseline", row[8]);
        Assert.Contains(
            database.Session.LastNotices,
            notice => notice.Contains("than the baseline: r2", StringComparison.Ordinal));
        Assert.Equal("1000", database.Line(
            "SELECT rows_train + rows_valid + rows_test FROM neuro.model_versions"));
        Assert.Equal("none|1|cpu", database.Line(
            "SELECT leakage, test_uses, device FROM neuro.model_versions"));
    }

    [Fact]
    public void A_model_that_sees_the_score_is_reported()
    {
        using var database = new QueryFixture(
            "CREATE TABLE students (name TEXT, age INT, score DOUBLE)");
        database.Rows(Insert(500));
        database.Rows(
            "CREATE MODEL leaky TYPE regressor PREDICT score USING linear "
            + "AS SELECT age, score * 2 + 1 AS double_score, score FROM students");
        Assert.Equal(
            "double_score", database.Line("SELECT leakage FROM neuro.model_versions"));
        Assert.Contains(
            database.Session.LastNotices.Concat(Notices(database)),
            notice => notice.Contains("follows from double_score", StringComparison.Ordinal));
        NeuroStoreException error = database.Error(
            "CREATE MODEL m TYPE regressor PREDICT score AS SELECT age, score, score AS again "
            + "FROM students");
        Assert.Equal(ErrorCode.InvalidModel, error.Code);
        Assert.Contains("again is the target score", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Notices(QueryFixture database)
    {
        database.Rows(
            "CREATE OR REPLACE MODEL leaky TYPE regressor PREDICT score USING linear "
            + "AS SELECT age, score * 2 + 1 AS double_score, score FROM students");
        return database.Session.LastNotices;
    }

    private static string Insert(int count)
    {
        var random = new SeededRandomSource(7);
        var sql = new StringBuilder("INSERT INTO students VALUES ");
        for (int i = 0; i < count; i++)
        {
            sql.Append(i == 0 ? "" : ", ").Append(
                CultureInfo.InvariantCulture,
                $"('s{random.NextUInt64() % 700}', {18 + (random.NextUInt64() % 10)}, "
                + $"{random.NextUInt64() % 10_000 / 100.0})");
        }

        return sql.ToString();
    }
}
