using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>What cannot be trained is a typed error, and leaves nothing behind.</summary>
public sealed class ModelBadInputTests : IDisposable
{
    private readonly QueryFixture _database = new(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, x DOUBLE, kind TEXT, flag BOOLEAN, pic BLOB)",
        "INSERT INTO t SELECT i, i / 7.0, CASE WHEN i % 3 = 0 THEN 'a' ELSE 'b' END, i % 2 = 0, "
        + "x'00' FROM generate_series(1, 120) AS g (i)");

    public void Dispose() => _database.Dispose();

    [Theory]
    [InlineData("PREDICT kind AS SELECT x, kind, kind AS k FROM t", ErrorCode.InvalidModel,
        "k is the target kind under another name")]
    [InlineData("PREDICT y AS SELECT x, kind FROM t", ErrorCode.UnknownColumn,
        "no column y to predict")]
    [InlineData("PREDICT x AS SELECT x, kind FROM t", ErrorCode.InvalidModel,
        "TRANSFORM (ngrams(kind))")]
    [InlineData("PREDICT kind AS SELECT pic, kind FROM t", ErrorCode.InvalidModel,
        "images of no fixed size")]
    [InlineData("PREDICT kind TYPE regressor AS SELECT x, kind FROM t", ErrorCode.InvalidModel,
        "no number; write TYPE classifier")]
    [InlineData("PREDICT x TYPE classifier AS SELECT id, x FROM t", ErrorCode.InvalidModel,
        "cannot be a label")]
    [InlineData("PREDICT kind WITH (learning_rat = 1) AS SELECT x, kind FROM t",
        ErrorCode.InvalidModel, "Did you mean learning_rate")]
    [InlineData("PREDICT kind WITH (optimizer = 'adma') AS SELECT x, kind FROM t",
        ErrorCode.InvalidModel, "Did you mean adam")]
    [InlineData("PREDICT kind WITH (epochs = 0) AS SELECT x, kind FROM t",
        ErrorCode.InvalidModel, "epochs")]
    [InlineData("PREDICT kind WITH (epochs = 2, epochs = 3) AS SELECT x, kind FROM t",
        ErrorCode.SyntaxError, "written twice")]
    [InlineData("PREDICT kind USING mlpp(3) AS SELECT x, kind FROM t", ErrorCode.InvalidModel,
        "Did you mean mlp")]
    [InlineData("PREDICT kind USING simple_cnn AS SELECT x, kind FROM t", ErrorCode.InvalidModel,
        "takes images")]
    [InlineData("PREDICT kind TYPE clasifier AS SELECT x, kind FROM t", ErrorCode.InvalidModel,
        "Did you mean classifier")]
    [InlineData("PREDICT x AS SELECT 'NaN'::DOUBLE PRECISION AS y, x FROM t",
        ErrorCode.UntrainableData, "NULL or no number")]
    [InlineData("PREDICT kind TYPE tagger AS SELECT x, kind FROM t", ErrorCode.InvalidModel,
        "one column of text")]
    [InlineData("PREDICT kind AS SELECT x, kind FROM t WHERE false", ErrorCode.UntrainableData,
        "no rows to train on")]
    [InlineData("PREDICT kind AS SELECT x, kind FROM t WHERE kind = 'a'",
        ErrorCode.UntrainableData, "of one class")]
    [InlineData("PREDICT kind AS SELECT x, NULL AS kind FROM t", ErrorCode.InvalidModel,
        "A target of type NULL is no number")]
    [InlineData("PREDICT kind AS SELECT x, CAST(NULL AS TEXT) AS kind FROM t",
        ErrorCode.UntrainableData, "120 have no usable target")]
    [InlineData("PREDICT kind AS SELECT CAST(NULL AS DOUBLE) AS x, kind FROM t",
        ErrorCode.UntrainableData, "NULL or no number")]
    [InlineData("PREDICT kind AS SELECT kind FROM t", ErrorCode.UntrainableData,
        "no column to learn from")]
    [InlineData("PREDICT x USING mlp(8) WITH (learning_rate = 100, optimizer = 'sgd', "
        + "scale_target = false) AS SELECT id * id * 1000 AS a, x * 1e9 AS x FROM t",
        ErrorCode.TrainingDiverged, "Lower learning_rate")]
    [InlineData("PREDICT kind AS SELECT x, kind FROM t WHERE x > ?",
        ErrorCode.MisplacedExpression, "may not use parameters")]
    [InlineData("PREDICT kind AS SELECT x, x, kind FROM t", ErrorCode.DuplicateName,
        "have the name x")]
    [InlineData("PREDICT kind AS SELECT x, kind FROM nowhere", ErrorCode.UnknownTable,
        "no table nowhere")]
    [InlineData("PREDICT kind SPLIT (train .8, test .3) AS SELECT x, kind FROM t",
        ErrorCode.InvalidModel, "add up to 1.1")]
    [InlineData("PREDICT kind SPLIT (train 0, test 1) AS SELECT x, kind FROM t",
        ErrorCode.InvalidModel, "no rows to train on")]
    [InlineData("PREDICT kind SPLIT (train .8, proof .2) AS SELECT x, kind FROM t",
        ErrorCode.SyntaxError, "knows train, validation and test")]
    [InlineData("PREDICT kind SPLIT (leave last 1) AS SELECT x, kind FROM t",
        ErrorCode.InvalidModel, "before ORDER BY a column")]
    [InlineData("PREDICT kind SPLIT (test .2) GROUP BY idd AS SELECT id, x, kind FROM t",
        ErrorCode.UnknownColumn, "Did you mean id?")]
    [InlineData("PREDICT x USING COLUMN kind AS SELECT id, x, kind FROM t",
        ErrorCode.UntrainableData, "says 'b'")]
    [InlineData("PREDICT x TRANSFORM (one_hott(kind)) AS SELECT x, kind FROM t",
        ErrorCode.InvalidModel, "Did you mean one_hot")]
    [InlineData("PREDICT x TRANSFORM (one_hot(kid)) AS SELECT x, kind FROM t",
        ErrorCode.UnknownColumn, "Did you mean kind?")]
    [InlineData("PREDICT x TRANSFORM (standard_scale(kind)) AS SELECT x, kind FROM t",
        ErrorCode.InvalidModel, "does not take Text columns")]
    [InlineData("PREDICT x TRANSFORM (1 + 1) AS SELECT x, kind FROM t",
        ErrorCode.SyntaxError, "TRANSFORM takes calls")]
    [InlineData("PREDICT x WITH (loss = 'cross_entropy') AS SELECT id, x FROM t",
        ErrorCode.InvalidModel, "A regressor is trained on")]
    [InlineData("PREDICT kind WITH (loss = 'mse') AS SELECT x, kind FROM t",
        ErrorCode.InvalidModel, "A classifier is trained on")]
    [InlineData("PREDICT kind USING kmeans(3) AS SELECT x, kind FROM t", ErrorCode.InvalidModel,
        "does not fit TYPE classifier")]
    [InlineData("TYPE cluster USING kmeans(3) PREDICT kind AS SELECT x, kind FROM t",
        ErrorCode.InvalidModel, "predicts no column")]
    [InlineData("USING kmeans(500) AS SELECT x FROM t", ErrorCode.UntrainableData,
        "for 500 clusters")]
    [InlineData("AS SELECT x FROM t", ErrorCode.InvalidModel, "what to predict")]
    [InlineData("PREDICT kind, x AS SELECT x, kind FROM t", ErrorCode.InvalidModel,
        "kind is a label and x a number")]
    [InlineData("PREDICT x, x AS SELECT id, x FROM t", ErrorCode.DuplicateName,
        "stands twice behind PREDICT")]
    [InlineData("PREDICT kind USING LAYERS (dense(3)) AS SELECT x, kind FROM t",
        ErrorCode.InvalidModel, "end the list with dense(2)")]
    [InlineData("PREDICT kind TRANSFORM (image(pic, 8)) AS SELECT pic, kind FROM t",
        ErrorCode.MalformedImage, "cannot be read")]
    public void Is_refused(string clauses, ErrorCode code, string message)
    {
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(() => _database.Rows(
            "CREATE MODEL m " + clauses,
            clauses.Contains('?', StringComparison.Ordinal) ? [Value.Of(1)] : []));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(code, error.Code);
        Assert.Equal("0", _database.Line("SELECT count(*) FROM neuro.models"));
        Assert.Equal("0", _database.Line("SELECT count(*) FROM neuro.training_log"));
    }

    [Fact]
    public void Rows_without_target_or_feature_are_counted()
    {
        _database.Rows("UPDATE t SET kind = NULL WHERE id <= 10");
        _database.Rows("UPDATE t SET x = NULL WHERE id BETWEEN 11 AND 15");
        _database.Rows(
            "UPDATE t SET x = ? WHERE id BETWEEN 16 AND 18", Value.Of(double.NaN));
        _database.Rows("CREATE MODEL m PREDICT kind USING logistic WITH (epochs = 2) "
            + "AS SELECT x, kind FROM t");
        Assert.Contains(
            _database.Session.LastNotices,
            notice => notice.StartsWith(
                "18 of 120 rows were rejected: 10 for their target, 8 for a feature",
                StringComparison.Ordinal));
        Assert.Equal("102|18", _database.Line(
            "SELECT rows_train + rows_valid + rows_test, rows_rejected "
            + "FROM neuro.model_versions"));
    }

    [Fact]
    public void A_name_that_is_taken_is_told()
    {
        const string Create =
            "CREATE MODEL m PREDICT kind USING logistic WITH (epochs = 1) AS SELECT x, kind FROM t";
        _database.Rows(Create);
        Assert.Equal(ErrorCode.ObjectExists, _database.Error(Create).Code);
        _database.Rows(Create.Replace("MODEL m", "MODEL IF NOT EXISTS M",
            StringComparison.Ordinal));
        Assert.Contains("exists already", _database.Session.LastNotices[0],
            StringComparison.Ordinal);
        NeuroStoreException near = _database.Error("RETRAIN MODEL n");
        Assert.Contains("There is no model n", near.Message, StringComparison.Ordinal);
        NeuroStoreException freeze = _database.Error("RETRAIN MODEL m FREEZE 1");
        Assert.Contains("WARM START", freeze.Message, StringComparison.Ordinal);
        freeze = _database.Error("RETRAIN MODEL m WARM START FREEZE 1");
        Assert.Contains("must leave one", freeze.Message, StringComparison.Ordinal);
        _database.Rows("ALTER TABLE t DROP COLUMN x");
        Assert.Equal(ErrorCode.UnknownColumn, _database.Error("RETRAIN MODEL m").Code);
        Assert.Equal("m|1", _database.Line("SELECT name, versions FROM neuro.models"));
    }

    [Fact]
    public void A_cancelled_training_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        PreparedStatement create = _database.Session.Prepare(
            "CREATE MODEL m PREDICT kind USING mlp(8) WITH (epochs = 1000) "
            + "AS SELECT x, kind FROM t")[0];
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => _database.Session.Execute(create, [], cancellation.Token));
        Assert.Equal(ErrorCode.Cancelled, error.Code);
        Assert.Equal("0", _database.Line("SELECT count(*) FROM neuro.models"));
    }

    [Fact]
    public void Time_is_limited_by_the_setting()
    {
        _database.Rows("SET statement_timeout = 50");
        NeuroStoreException error = _database.Error(
            "CREATE MODEL m PREDICT kind USING mlp(64, 64) WITH (epochs = 100000, "
            + "early_stopping = 0) AS SELECT x, kind FROM t");
        Assert.Equal(ErrorCode.Cancelled, error.Code);
        _database.Rows("SET statement_timeout = 0");
        Assert.Equal("0", _database.Line("SELECT count(*) FROM neuro.models"));
    }
}
