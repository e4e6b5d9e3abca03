namespace NeuroDb.Tests.Unit;

/// <summary>
/// EVALUATE MODEL and the reports, against texts and numbers known from elsewhere.
/// </summary>
public sealed class ModelJudgingTests
{
    /// <summary>A model that says the label of a number without error.</summary>
    private const string Rule =
        "CREATE TABLE rule AS SELECT n, n % 3 AS x, 'class ' || (n % 3) AS label "
        + "FROM generate_series(1, 300) AS s (n); "
        + "CREATE MODEL rule_tree TYPE classifier PREDICT label USING decision_tree "
        + "SPLIT (train .6, validation .2, test .2) AS SELECT x, n, label FROM rule";

    [Fact]
    public void The_report_of_rows_is_the_text_of_scikit_learn()
    {
        using var database = new QueryFixture(Rule);
        database.Rows("CREATE TABLE judged (x BIGINT, n BIGINT, label TEXT); INSERT INTO judged "
            + "VALUES (0, 1, 'class 0'), (0, 1, 'class 1'), (2, 1, 'class 2'), "
            + "(2, 1, 'class 2'), (1, 1, 'class 2')");
        string[] lines = database.Rows(
            "SELECT * FROM ml.classification_report(MODEL rule_tree, TABLE judged, "
            + "layout => 'text', digits => 2)");
        // print(classification_report([0, 1, 2, 2, 2], [0, 0, 2, 2, 1], target_names=[..]))
        Assert.Equal(
            [
                "              precision    recall  f1-score   support",
                "",
                "     class 0       0.50      1.00      0.67         1",
                "     class 1       0.00      0.00      0.00         1",
                "     class 2       1.00      0.67      0.80         3",
                "",
                "    accuracy                           0.60         5",
                "   macro avg       0.50      0.56      0.49         5",
                "weighted avg       0.70      0.60      0.61         5",
                "",
            ],
            lines[..10]);
        Assert.StartsWith(
            "baseline (majority class class 2): accuracy 0.60   query rows, test set used 1\u00d7",
            lines[10],
            StringComparison.Ordinal);
        Assert.StartsWith(
            "rows 5 = 5 used + 0 rejected   not better than the baseline",
            lines[11],
            StringComparison.Ordinal);
        Assert.Equal(
            ["class 0|0.5|1|0.6667|1", "accuracy|NULL|NULL|0.6|5"],
            database.Rows(
                "SELECT * FROM ml.classification_report(MODEL rule_tree, TABLE judged) WHERE "
                + "class IN ('class 0', 'accuracy')"));
        Assert.Equal(
            "class 2|class 1|1",
            database.Line("SELECT * FROM ml.confusion_matrix(MODEL rule_tree, TABLE judged) "
                + "WHERE actual = 'class 2' AND predicted = 'class 1'"));
    }

    [Fact]
    public void Whole_entities_are_reported_as_seqeval_does()
    {
        using var database = new QueryFixture(
            "CREATE TABLE tags AS SELECT n, n % 5 AS code, CASE n % 5 WHEN 0 THEN 'O' WHEN 1 THEN "
            + "'B-MISC' WHEN 2 THEN 'I-MISC' WHEN 3 THEN 'B-PER' ELSE 'I-PER' END AS tag "
            + "FROM generate_series(1, 200) AS s (n); "
            + "CREATE MODEL tagger PREDICT tag USING decision_tree(depth=8) SPLIT (train .8, "
            + "validation .1, test .1) AS SELECT code, n, tag FROM tags; "
            + "CREATE TABLE plain (code BIGINT, tag TEXT, sentence BIGINT); "
            + "INSERT INTO plain VALUES (0, 'O', 1), (0, 'O', 1), (1, 'O', 1), (2, 'B-MISC', 1), "
            + "(2, 'I-MISC', 1), (2, 'I-MISC', 1), (0, 'O', 1), (3, 'B-PER', 2), "
            + "(4, 'I-PER', 2), (0, 'O', 2); CREATE VIEW words AS "
            + "SELECT *, 5 AS n FROM plain");
        Assert.Equal(
            [
                "              precision    recall  f1-score   support",
                "",
                "        MISC       0.00      0.00      0.00         1",
                "         PER       1.00      1.00      1.00         1",
                "",
                "   micro avg       0.50      0.50      0.50         2",
                "   macro avg       0.50      0.50      0.50         2",
                "weighted avg       0.50      0.50      0.50         2",
            ],
            database.Rows(
                "SELECT * FROM ml.classification_report(MODEL tagger, TABLE words, 'entity', "
                + "digits => 2, sequence => 'sentence')")[..8]);
    }

    [Fact]
    public void Labels_that_are_numbers_are_sorted_as_numbers()
    {
        using var database = new QueryFixture(
            "CREATE TABLE t AS SELECT n, n % 12 AS x, n % 12 AS label FROM "
            + "generate_series(1, 480) AS s (n); "
            + "CREATE MODEL m TYPE classifier PREDICT label USING decision_tree(depth=12) SPLIT "
            + "(train .8, validation .1, test .1) AS SELECT n, x * 2.0 AS y, label FROM t");
        Assert.Equal(
            "0 1 2 3 4 5 6 7 8 9 10 11 accuracy macro avg weighted avg",
            database.Line("SELECT class FROM ml.classification_report(MODEL m, part => 'train')"));
    }

    [Fact]
    public void Evaluating_stores_the_metrics_and_counts_the_test_rows()
    {
        using var database = new QueryFixture(Rule);
        string first = database.Rows("EVALUATE MODEL rule_tree")[0];
        Assert.StartsWith("rule_tree|1|test|accuracy|1|", first, StringComparison.Ordinal);
        Assert.Contains("|better than the baseline|", first, StringComparison.Ordinal);
        Assert.EndsWith("|true|2|label", first, StringComparison.Ordinal);
        Assert.EndsWith(
            "|2|label", database.Rows("EVALUATE MODEL rule_tree ON VALIDATION")[0],
            StringComparison.Ordinal);
        database.Rows("SELECT * FROM ml.confusion_matrix(MODEL rule_tree)");
        Assert.Equal("3", database.Line("SELECT test_uses FROM neuro.model_versions"));
        Assert.Equal(
            "test|accuracy test|f1_macro validation|accuracy",
            database.Line("SELECT part, metric FROM neuro.evaluations WHERE metric IN "
                + "('accuracy', 'f1_macro') AND part = 'test' GROUP BY 1, 2 "
                + "UNION SELECT part, metric FROM neuro.evaluations WHERE part = 'validation' "
                + "AND metric = 'accuracy' ORDER BY 1, 2"));
    }

    [Fact]
    public void A_rolled_back_evaluation_still_counts_as_a_look()
    {
        using var database = new QueryFixture(Rule);
        database.Rows("BEGIN; EVALUATE MODEL rule_tree; ROLLBACK");
        Assert.Equal("2", database.Line("SELECT test_uses FROM neuro.model_versions"));
        Assert.Equal("1", database.Line("SELECT count(*) FROM neuro.evaluations"));
    }

    [Fact]
    public void Curves_have_the_areas_of_scikit_learn()
    {
        using var database = new QueryFixture(
            "CREATE TABLE t AS SELECT n % 10 * 1.0 AS x, CASE WHEN n % 10 > 4 THEN 'yes' ELSE "
            + "'no' END AS label FROM generate_series(1, 200) AS s (n); "
            + "CREATE MODEL m PREDICT label USING logistic SPLIT (train .8, validation .1, "
            + "test .1) WITH (epochs = 50, learning_rate = .1) AS SELECT x, label FROM t; "
            + "CREATE TABLE judged (x DOUBLE, label TEXT); INSERT INTO judged VALUES (1, 'no'), "
            + "(4, 'no'), (3, 'yes'), (8, 'yes')");
        // The ranks are those of [0.1, 0.4, 0.35, 0.8] for [0, 0, 1, 1].
        Assert.Equal("yes|0.75", database.Line(
            "SELECT DISTINCT label, area FROM ml.roc_curve(MODEL m, TABLE judged)"));
        Assert.Equal("0.8333", database.Line(
            "SELECT DISTINCT area FROM ml.pr_curve(MODEL m, TABLE judged, label => 'yes')"));
        Assert.Equal("4", database.Line(
            "SELECT sum(rows) FROM ml.calibration(MODEL m, TABLE judged)"));
        Assert.Equal(
            ErrorCode.UnknownObject,
            database.Error("SELECT * FROM ml.roc_curve(MODEL m, label => 'yse')").Code);
    }

    [Fact]
    public void Noise_is_said_to_be_not_better_than_the_mean()
    {
        using var database = new QueryFixture(
            "CREATE TABLE t AS SELECT n * 7919 % 101 AS x, n * 104729 % 97 * 1.0 AS y FROM "
            + "generate_series(1, 500) AS s (n); "
            + "CREATE MODEL m PREDICT y USING linear SPLIT (train .8, validation .1, test .1) "
            + "AS SELECT x, y FROM t");
        Assert.Equal(
            "test|not better than the mean",
            database.Line("SELECT split, verdict FROM ml.regression_report(MODEL m) "
                + "WHERE split = 'test'"));
        Assert.Equal("500", database.Line(
            "SELECT sum(n) + max(rejected) FROM ml.regression_report(MODEL m)"));
    }

    [Fact]
    public void Explanations_add_up_to_the_prediction()
    {
        using var database = new QueryFixture(
            "CREATE TABLE t AS SELECT n % 7 * 1.0 AS a, n % 5 * 1.0 AS b, n % 7 * 2.0 + 3 AS y "
            + "FROM generate_series(1, 200) AS s (n); "
            + "CREATE MODEL m PREDICT y USING linear SPLIT (train .8, validation .1, test .1) "
            + "AS SELECT a, b, y FROM t");
        Assert.Equal("15", database.Line(
            "SELECT round(contribution) FROM ml.explain_predict(MODEL m, TABLE t) WHERE row = 6 "
            + "AND feature = '(prediction)'"));
        string[] rows = database.Rows("EXPLAIN PREDICTION m USING (6 AS a, 2 AS b) TOP 1");
        Assert.Equal(
            ["(average of training rows)", "a", "(other features)", "(prediction)"],
            rows.Select(row => row.Split('|')[0]));
        Assert.Equal(
            rows,
            database.Rows(
                "EXPLAIN PREDICTION m USING ((SELECT 6) AS a, (SELECT min(a) + 1 FROM t) AS b) "
                + "TOP 1"));
        string[] slopes = database.Rows(
            "EXPLAIN PREDICTION m USING (6 AS a, 2 AS b) METHOD integrated_gradients");
        Assert.Equal(
            ["(mean of training rows)", "a", "b", "(prediction)"],
            slopes.Select(row => row.Split('|')[0]));
        double[] parts = [.. slopes.Select(row => double.Parse(row.Split('|')[2]))];
        Assert.Equal(parts[^1], parts[..^1].Sum(), 1e-3);
        Assert.Equal("y", slopes[1].Split('|')[4]);
        Assert.Equal("a", database.Line(
            "SELECT feature FROM ml.feature_importance(MODEL m) LIMIT 1"));
        Assert.Equal("3 15", database.Line(
            "SELECT round(mean_prediction) FROM ml.partial_dependence(MODEL m, feature => 'a', "
            + "points => 2)"));
        Assert.Equal(
            ErrorCode.UnknownColumn,
            database.Error("EXPLAIN PREDICTION m USING (6 AS aa, 2 AS b)").Code);
    }

    [Fact]
    public void Doubtful_labels_and_rows_to_label_are_found()
    {
        using var database = new QueryFixture(
            "CREATE TABLE t AS SELECT n AS id, n % 10 * 1.0 AS x, CASE WHEN (n % 10 > 4) <> "
            + "(n % 50 = 3) THEN 'high' ELSE 'low' END AS label FROM "
            + "generate_series(1, 500) AS s (n); "
            + "CREATE MODEL m PREDICT label USING logistic SPLIT (train .8, validation .1, "
            + "test .1) WITH (epochs = 30, learning_rate = .1) AS SELECT x, label FROM t; "
            + "INSERT INTO t VALUES (900, 0, NULL), (901, 4.5, NULL), (902, 9, NULL)");
        Assert.Equal("10|10", database.Line(
            "SELECT count(*), count_if(row_values = 'x=3.0' AND label = 'high' AND "
            + "suggested = 'low') FROM ml.label_errors(MODEL m)"));
        Assert.Equal("2", database.Line("SELECT row FROM ml.to_label(MODEL m, count => 1)"));
    }

    [Fact]
    public void Moved_columns_are_told_from_stable_ones()
    {
        using var database = new QueryFixture(
            "CREATE TABLE t AS SELECT n % 10 * 1.0 AS a, n % 4 AS b, n % 10 * 2.0 AS y FROM "
            + "generate_series(1, 400) AS s (n); CREATE TABLE later AS SELECT a + 5 AS a, b "
            + "FROM t; CREATE MODEL m PREDICT y USING linear AS SELECT a, b, y FROM t");
        Assert.Equal("a|moved b|stable", database.Line(
            "SELECT feature, verdict FROM ml.drift(MODEL m, TABLE later) WHERE feature <> "
            + "'(prediction)'"));
        Assert.Equal("true", database.Line(
            "SELECT max(ks) > .5 FROM neuro.drift WHERE feature = '(prediction)'"));
        Assert.Equal("a|moved b|stable", database.Line(
            "SELECT feature, verdict FROM ml.drift(TABLE t, TABLE later)"));
    }

    [Fact]
    public void Near_duplicates_are_named_by_their_keys_and_columns_are_profiled()
    {
        using var database = new QueryFixture(
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, kind TEXT); "
            + "INSERT INTO notes VALUES (7, 'the order came late and was broken', 'a'), "
            + "(8, 'The order came late, and was broken!', 'a'), (9, 'all is well', NULL)");
        Assert.Equal("7|8|1", database.Line("SELECT * FROM ml.duplicates(TABLE notes, .95)"));
        Assert.Equal(
            "id|3|0|3 body|3|0|3 kind|3|1|1",
            database.Line("SELECT column_name, rows, nulls, distinct_values FROM "
                + "ml.profile(TABLE notes)"));
        Assert.Equal(
            ErrorCode.WrongArgumentCount,
            database.Error("SELECT * FROM ml.duplicates(TABLE notes, treshold => 1)").Code);
    }
}
