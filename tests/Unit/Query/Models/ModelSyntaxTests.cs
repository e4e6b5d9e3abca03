using NeuroDb.Query;

namespace NeuroDb.Tests.Unit;

/// <summary>The statements of models become trees, and their words stay usable as names.</summary>
public sealed class ModelSyntaxTests
{
    [Fact]
    public void Clauses_of_create_model_come_in_any_order()
    {
        var create = (CreateModelStatementSyntax)Parse(
            """
            CREATE OR REPLACE MODEL IF NOT EXISTS score_net PREDICT score TYPE regressor
              TRANSFORM (standard_scale(age) AS age, hash(name, 32) AS name)
              WITH (optimizer = 'adam', epochs = 10)
              USING LAYERS (dense(8), -- hidden
                relu, residual(dense(8)), dense(1)) SPLIT (train .8, test 0.2) STRATIFY BY kind
              AS SELECT name, age, score FROM students
            """);
        Assert.True(create.OrReplace);
        Assert.True(create.IfNotExists);
        Assert.Equal("regressor", create.Definition.Type!.Name);
        Assert.Equal("score", Assert.Single(create.Definition.Targets).Name);
        Assert.Equal(2, create.Definition.Transforms.Count);
        Assert.Equal(
            "LAYERS(dense(8), relu, residual(dense(8)), dense(1))",
            create.Definition.Architecture!.Text);
        Assert.Equal([.8, .2], create.Definition.Split!.Shares.Select(it => it.Share));
        Assert.Equal("STRATIFY", create.Definition.Split.Kind);
        Assert.Equal("kind", create.Definition.Split.Column!.Name);
        Assert.Equal(2, create.Definition.Options.Count);
        Assert.Equal("SELECT name, age, score FROM students", create.QueryText);
    }

    [Theory]
    [InlineData("EXPLAIN MODEL m", 0, false)]
    [InlineData("EXPLAIN MODEL m@2", 2, false)]
    [InlineData("EXPLAIN MODEL \"m\"@latest", 0, true)]
    [InlineData("EXPLAIN MODEL main.m@live", 0, false)]
    public void A_version_stands_directly_behind_the_name(string sql, int number, bool isLatest)
    {
        var explain = (ExplainModelStatementSyntax)Parse(sql);
        Assert.Equal("m", explain.Model.Name.Last);
        Assert.Equal(new ModelVersionChoice(number, isLatest), explain.Model.Version);
    }

    [Fact]
    public void Retrain_tune_and_alter_read_their_words()
    {
        var retrain = (RetrainModelStatementSyntax)Parse(
            "RETRAIN MODEL m WARM START FREEZE 1 TO 3 KEEP WITH (epochs = 2) AS SELECT 1");
        Assert.True(retrain.IsWarmStart && retrain.IsKept);
        Assert.Equal((1, 3), (retrain.FreezeFirst, retrain.FreezeLast));
        Assert.Single(retrain.Options);
        var tune = (TuneModelStatementSyntax)Parse(
            "TUNE MODEL m SEARCH halving (learning_rate IN (.1, .01)) WITHIN 2 MINUTES "
            + "METRIC f1_macro");
        Assert.Equal(("halving", 120.0), (tune.Search!.Name, tune.Seconds));
        Assert.Equal(2, Assert.Single(tune.Parameters).Values.Count);
        var live = (AlterModelStatementSyntax)Parse("ALTER MODEL m SET LIVE VERSION 3");
        Assert.Equal(3, live.LiveVersion);
        var quantize = (AlterModelStatementSyntax)Parse("ALTER MODEL m QUANTIZE int8");
        Assert.Equal("int8", quantize.Quantization!.Name);
        var policies = (AlterModelStatementSyntax)Parse("ALTER MODEL m SET (keep_versions = 3)");
        Assert.Single(policies.Policies);
        var rename = (AlterModelStatementSyntax)Parse("ALTER MODEL m RENAME TO n");
        Assert.Equal("n", rename.NewName!.Name);
    }

    [Fact]
    public void Drop_export_evaluate_and_explain_read_their_words()
    {
        var one = (DropModelStatementSyntax)Parse("DROP MODEL IF EXISTS m VERSION 2");
        Assert.Equal((2, 0), (one.Version, one.BeforeVersion));
        var many = (DropModelStatementSyntax)Parse("DROP MODEL m VERSIONS BEFORE 3");
        Assert.Equal((0, 3), (many.Version, many.BeforeVersion));
        Assert.IsType<RollbackModelStatementSyntax>(Parse("ROLLBACK MODEL m"));
        var export = (ExportModelStatementSyntax)Parse("EXPORT MODEL m@1 TO 'M.cs' FORMAT csharp");
        Assert.Equal("csharp", export.Clauses.Format!.Name);
        Assert.IsType<ImportModelStatementSyntax>(Parse("IMPORT MODEL m FROM ? FORMAT native"));
        var evaluate = (EvaluateModelStatementSyntax)Parse("EVALUATE MODEL m ON TEST");
        Assert.Equal("TEST", evaluate.Part!.Name);
        evaluate = (EvaluateModelStatementSyntax)Parse("EVALUATE MODEL m@2 ON (SELECT 1)");
        Assert.NotNull(evaluate.Query);
        var explain = (ExplainPredictionStatementSyntax)Parse(
            "EXPLAIN PREDICTION m USING (1 + ? AS age, 'x' name) METHOD shapley TOP 3");
        Assert.Equal(3, explain.Top);
        Assert.Equal(2, explain.Items.Count);
    }

    [Theory]
    [InlineData("SELECT model, predict, split, transform FROM tune WHERE evaluate = export")]
    [InlineData("CREATE TABLE model (model INT, prediction TEXT, retrain INT, import INT)")]
    [InlineData("SELECT a model FROM t split JOIN u predict ON split.a = predict.a")]
    [InlineData("SELECT predict(a), model.split FROM model")]
    public void The_words_of_models_are_names_elsewhere(string sql) => Assert.NotNull(Parse(sql));

    [Theory]
    [InlineData("CREATE MODEL m TYPE a TYPE b AS SELECT 1", "TYPE is written twice")]
    [InlineData("CREATE MODEL m LIMIT BY a AS SELECT 1", "expected")]
    [InlineData("CREATE MODEL m DIVIDE BY a AS SELECT 1", "STRATIFY BY")]
    [InlineData("CREATE TEMP MODEL m AS SELECT 1", "found 'TEMP', expected MODEL")]
    [InlineData("EXPLAIN MODEL m@0", "a version such as @2")]
    [InlineData("EXPLAIN MODEL m@best", "a version such as @2")]
    [InlineData("RETRAIN MODEL m COLD START", "WARM START")]
    [InlineData("RETRAIN MODEL m FREEZE 3 TO 1", "a layer from 3 on")]
    [InlineData("DROP MODEL m VERSION BEFORE 2", "expected VERSIONS")]
    [InlineData("DROP MODEL m, n VERSION 2", "one model at a time")]
    [InlineData("ALTER MODEL m SET DEAD VERSION 1", "expected LIVE")]
    [InlineData("TUNE MODEL m WITHIN 3 DAYS", "expected SECONDS")]
    [InlineData("EXPORT MODEL m TO 'x' SHAPE onnx", "expected FORMAT")]
    [InlineData("EXPLAIN PREDICTION m USING (1 AS a) BOTTOM 3", "TOP and a number")]
    public void Wrong_words_are_told(string sql, string message)
    {
        SyntaxException error = Assert.Throws<SyntaxException>(() => Parse(sql));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static StatementSyntax Parse(string sql) => Assert.Single(SqlParser.Parse(sql));
}
