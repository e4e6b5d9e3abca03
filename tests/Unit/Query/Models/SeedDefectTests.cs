using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Defects that reports and trainings elsewhere were seen to have, each turned right here.
/// </summary>
public sealed class SeedDefectTests
{
    private const string Students =
        "CREATE TABLE students AS SELECT n AS id, 'name ' || n AS name, 18 + n % 8 AS age, "
        + "n * 7919 % 101 * 1.0 AS score FROM generate_series(1, 300) AS s (n)";

    [Fact]
    public void SD_1_the_numbers_of_a_report_agree_with_each_other()
    {
        var random = new SeededRandomSource(3);
        for (int round = 0; round < 20; round++)
        {
            int[] expected = new int[500];
            int[] said = new int[500];
            for (int i = 0; i < 500; i++)
            {
                expected[i] = (int)(random.NextUInt64() % 6);
                said[i] = random.NextUInt64() % 3 == 0
                    ? (int)(random.NextUInt64() % 6) : expected[i];
            }

            var report = new ClassificationReport(
                ["O", "bird", "cat", "dog", "fish", "flower"], expected, said);
            Assert.Equal(500, report.Classes.Sum(scores => scores.Support));
            Assert.All(report.Classes, scores => Assert.Equal(
                2 * scores.Precision * scores.Recall / (scores.Precision + scores.Recall),
                scores.F1,
                1e-12));
            Assert.Equal(report.Accuracy, report.WeightedAverage.Recall, 1e-12);
            Assert.Equal(
                report.Classes.Average(scores => scores.F1), report.MacroAverage.F1, 1e-12);
            Assert.Equal(
                report.Classes.Sum(scores => scores.F1 * scores.Support) / 500,
                report.WeightedAverage.F1,
                1e-12);
            Assert.Equal(500, report.MacroAverage.Support);
        }
    }

    [Fact]
    public void SD_2_an_image_never_goes_through_a_transform_of_texts()
    {
        using var database = new QueryFixture(
            "CREATE TABLE pictures (label TEXT NOT NULL, pic IMAGE(4, 4, 1))",
            "INSERT INTO pictures VALUES ('a', X'50350a3420340a3235350a"
            + "000102030405060708090a0b0c0d0e0f')");
        NeuroStoreException error = database.Error(
            "CREATE MODEL m PREDICT label TRANSFORM (ngrams(pic) AS pic) AS "
            + "SELECT label, pic FROM pictures");
        Assert.Equal(ErrorCode.InvalidModel, error.Code);
        Assert.Contains("pic", error.Message);
        NeuroStoreException network = database.Error(
            "CREATE MODEL m PREDICT label USING text_cnn AS SELECT label, pic FROM pictures");
        Assert.Contains("simple_cnn", network.Message);
        Assert.Equal("0", database.Line("SELECT count(*) FROM neuro.models"));
    }

    [Theory]
    [InlineData("SELECT age, score, score AS copy FROM students", "copy")]
    [InlineData("SELECT name, age, score FROM students", "name")]
    public void SD_3_neither_the_target_nor_a_bare_text_is_a_feature(string query, string column)
    {
        using var database = new QueryFixture(Students);
        NeuroStoreException error = database.Error($"CREATE MODEL m PREDICT score AS {query}");
        Assert.Contains(column, error.Message);
    }

    [Fact]
    public void SD_3_a_feature_that_gives_the_target_away_is_named()
    {
        using var database = new QueryFixture(Students);
        database.Rows(
            "CREATE MODEL m PREDICT score USING linear SPLIT (train .8, validation .1, test .1) "
            + "AS SELECT age, score * 2 + 1 AS leak, score FROM students");
        Assert.Equal("leak", database.Line(
            "SELECT DISTINCT leakage FROM ml.regression_report(MODEL m)"));
        Assert.Equal("leak", database.Line("SELECT DISTINCT leakage FROM ml.evaluate(MODEL m)"));
    }

    [Fact]
    public void SD_4_rows_read_are_rows_used_and_rows_rejected()
    {
        using var database = new QueryFixture(
            Students,
            "UPDATE students SET age = NULL WHERE id % 30 = 0",
            "UPDATE students SET score = NULL WHERE id % 50 = 1",
            "CREATE MODEL m PREDICT score USING linear SPLIT (train .6, validation .2, test .2) "
            + "AS SELECT age, score FROM students");
        Assert.Equal("300", database.Line(
            "SELECT rows_train + rows_valid + rows_test + rows_rejected FROM "
            + "neuro.model_versions"));
        string line = database.Rows("EVALUATE MODEL m ON (SELECT age, score FROM students)")[0];
        string[] cells = line.Split('|');
        Assert.Equal(300, long.Parse(cells[9]) + long.Parse(cells[10]));
        Assert.Equal("16", cells[10]);
    }

    [Fact]
    public void SD_5_a_session_goes_on_after_its_first_call_and_names_are_not_joined_into_sql()
    {
        using var database = new QueryFixture(Students);
        Assert.Equal("300", database.Line("SELECT count(*) FROM students"));
        Assert.Equal("300", database.Line("SELECT count(*) FROM students"));
        Assert.Equal("0", database.Line(
            "SELECT count(*) FROM students WHERE name = ?",
            Value.Of("x'; DROP TABLE students; --")));
        Assert.Equal("300", database.Line("SELECT count(*) FROM students"));
    }

    [Fact]
    public void SD_6_every_look_at_the_test_rows_is_counted_and_told()
    {
        using var database = new QueryFixture(
            "CREATE TABLE t AS SELECT n, n % 2 * 1.0 AS x, CASE n % 2 WHEN 1 THEN 'a' ELSE 'b' END "
            + "AS label FROM generate_series(1, 200) AS s (n)",
            "CREATE MODEL m PREDICT label USING logistic SPLIT (train .6, validation .2, "
            + "test .2) AS SELECT n, x, label FROM t");
        database.Rows("EVALUATE MODEL m ON TEST");
        database.Rows("RETRAIN MODEL m KEEP");
        database.Rows("EVALUATE MODEL m@2 ON TEST");
        string report = database.Rows(
            "SELECT * FROM ml.classification_report(MODEL m, layout => 'text')")[^2];
        // Two trainings, two evaluations and this report.
        Assert.Contains("test set used 5\u00d7", report);
        database.Rows("EVALUATE MODEL m ON VALIDATION; EVALUATE MODEL m ON TRAIN");
        Assert.Equal("5", database.Line("SELECT sum(test_uses) FROM neuro.model_versions"));
    }
}
