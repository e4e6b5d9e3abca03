using System.Security.Cryptography;
using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Models in files, and with fewer bits.</summary>
public sealed class ModelFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("models").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_model_predicts_the_same_in_another_database()
    {
        using QueryFixture database = Open();
        string file = Path.Combine(_directory, "m.nsmodel");
        database.Rows("EVALUATE MODEL m");
        database.Rows($"EXPORT MODEL m TO '{file}' FORMAT native");
        using QueryFixture other = Open();
        other.Rows($"IMPORT MODEL copy FROM '{file}' FORMAT native");
        const string Predictions = "SELECT predict_proba({0}, 'a' USING *) FROM t ORDER BY n";
        Assert.Equal(
            database.Rows(string.Format(Predictions, "m")),
            other.Rows(string.Format(Predictions, "copy")));
        Assert.Equal("2", other.Line(
            "SELECT test_uses FROM neuro.model_versions WHERE model = 'copy'"));
        Assert.Contains("imported", other.Error("EVALUATE MODEL copy").Message);
        Assert.StartsWith(
            "copy|1|query|accuracy|",
            other.Rows("EVALUATE MODEL copy ON (SELECT * FROM t)")[0],
            StringComparison.Ordinal);
        Assert.Equal(ErrorCode.NotSupported, other.Error("RETRAIN MODEL copy").Code);
        Assert.Equal(
            ErrorCode.ObjectExists, other.Error($"IMPORT MODEL copy FROM '{file}'").Code);
    }

    [Fact]
    public void A_model_of_several_targets_predicts_the_same_in_another_database()
    {
        using QueryFixture database = Open();
        string file = Path.Combine(_directory, "pair.nsmodel");
        database.Rows(
            "CREATE MODEL pair TYPE classifier PREDICT label, side USING decision_tree "
            + "TRANSFORM (one_hot(word)) AS SELECT *, n % 2 = 0 AS side FROM t");
        database.Rows($"EXPORT MODEL pair TO '{file}'");
        using QueryFixture other = Open();
        other.Rows($"IMPORT MODEL pair FROM '{file}'");
        const string Predictions = "SELECT predict(pair USING *), "
            + "predict_proba(pair, 'side', 'true' USING *) FROM t ORDER BY n";
        Assert.Equal(database.Rows(Predictions), other.Rows(Predictions));
        database.Rows($"EXPORT MODEL pair TO '{file}.cs' FORMAT csharp");
        Assert.Contains("static class", File.ReadAllText($"{file}.cs"), StringComparison.Ordinal);
        byte[] whole = File.ReadAllBytes(file);
        for (int at = 0; at < whole.Length; at += 211)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x20;
            File.WriteAllBytes(file, damaged);
            Assert.Equal(
                ErrorCode.MalformedModel,
                other.Error($"IMPORT MODEL other FROM '{file}'").Code);
        }
    }

    [Fact]
    public void A_forecaster_forecasts_the_same_in_another_database()
    {
        using QueryFixture database = Open();
        string file = Path.Combine(_directory, "f.nsmodel");
        database.Rows(
            "CREATE MODEL f TYPE forecaster PREDICT x USING linear "
            + "WITH (time = 'n', horizon = 3, season = 10) AS SELECT n, x FROM t");
        database.Rows($"EXPORT MODEL f TO '{file}'");
        using QueryFixture other = Open();
        other.Rows($"IMPORT MODEL f FROM '{file}'");
        const string Forecast = "SELECT * FROM ml.forecast(MODEL f, TABLE t)";
        Assert.Equal(database.Rows(Forecast), other.Rows(Forecast));
        Assert.Equal(3, other.Rows(Forecast).Length);
        Assert.Contains("was imported", other.Error(
            "SELECT * FROM ml.forecast(MODEL f)").Message);
        Assert.Contains("CAST it", other.Error(
            "SELECT * FROM ml.forecast(MODEL f, TABLE dated)").Message);
        Assert.Contains("export FORMAT native", database.Error(
            $"EXPORT MODEL f TO '{file}.cs' FORMAT csharp").Message);
    }

    [Fact]
    public void Every_damaged_file_is_refused_and_nothing_is_left_of_it()
    {
        using QueryFixture database = Open();
        string file = Path.Combine(_directory, "m.nsmodel");
        database.Rows($"EXPORT MODEL m TO '{file}'");
        byte[] whole = File.ReadAllBytes(file);
        for (int at = 0; at < whole.Length; at += 37)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x20;
            File.WriteAllBytes(file, damaged);
            Assert.Equal(
                ErrorCode.MalformedModel,
                database.Error($"IMPORT MODEL other FROM '{file}'").Code);
        }

        File.WriteAllBytes(file, whole[..(whole.Length / 2)]);
        Assert.Equal(
            ErrorCode.MalformedModel, database.Error($"IMPORT MODEL other FROM '{file}'").Code);
        Assert.Equal("1", database.Line("SELECT count(*) FROM neuro.models"));
        Assert.Equal(
            ErrorCode.InputOutput,
            database.Error($"IMPORT MODEL other FROM '{file}.missing'").Code);
    }

    [Theory]
    [InlineData("options", "{]")]
    [InlineData("options", "[1]")]
    [InlineData("validation_errors", "1 x")]
    [InlineData("seed", "-5")]
    [InlineData("signature", "{}")]
    [InlineData("signature", "no json")]
    public void A_file_with_a_forged_history_is_refused(string fact, string text)
    {
        using QueryFixture database = Open();
        string file = Path.Combine(_directory, "m.nsmodel");
        database.Rows($"EXPORT MODEL m TO '{file}'");
        ModelPackage package = ModelFile.Read(File.ReadAllBytes(file));
        var facts = new Dictionary<string, string>(package.Facts) { [fact] = text };
        File.WriteAllBytes(file, ModelFile.Write(package with { Facts = facts }));
        Assert.Equal(
            ErrorCode.MalformedModel,
            database.Error($"IMPORT MODEL other FROM '{file}'").Code);
        Assert.Equal("1", database.Line("SELECT count(*) FROM neuro.models"));
    }

    [Fact]
    public void A_file_whose_parts_do_not_fit_is_refused()
    {
        using QueryFixture database = Open();
        string file = Path.Combine(_directory, "m.nsmodel");
        database.Rows($"EXPORT MODEL m TO '{file}'");
        ModelPackage package = ModelFile.Read(File.ReadAllBytes(file));
        foreach (ModelPackage forged in (ModelPackage[])
            [
                package with { Pipeline = null },
                package with { Labels = ["a"] },
                package with { Labels = ["a", "a"] },
                package with { Model = new CenterModel(new float[4], 2) },
            ])
        {
            File.WriteAllBytes(file, ModelFile.Write(forged));
            Assert.Equal(
                ErrorCode.MalformedModel,
                database.Error($"IMPORT MODEL other FROM '{file}'").Code);
        }
    }

    [Fact]
    public void A_file_of_c_sharp_compiles_and_says_what_the_database_says()
    {
        using QueryFixture database = Open();
        string file = Path.Combine(_directory, "M.cs");
        database.Rows($"EXPORT MODEL m TO '{file}' FORMAT csharp");
        CompiledModel compiled = CompiledModel.Compile(File.ReadAllText(file));
        foreach (string row in database.Rows(
            "SELECT x, word, predict(m USING *) FROM t WHERE n <= 20"))
        {
            string[] cells = row.Split('|');
            Assert.Equal(
                cells[2], compiled.Call("M", "Label", double.Parse(cells[0]), cells[1]));
        }

        Assert.Null(compiled.Call("M", "Label", double.NaN, "a"));
        Assert.Contains("csharp", database.Error($"EXPORT MODEL m TO '{file}' FORMAT python")
            .Message);
    }

    [Theory]
    [InlineData("int8", 0.55)]
    [InlineData("fp16", 0.7)]
    public void A_version_with_fewer_bits_stands_beside_the_live_one(string precision, double share)
    {
        using QueryFixture database = Open();
        string[] rows = database.Rows($"ALTER MODEL m QUANTIZE {precision}");
        Assert.StartsWith("m|1|fp32|", rows[0], StringComparison.Ordinal);
        Assert.StartsWith($"m|2|{precision}|", rows[1], StringComparison.Ordinal);
        Assert.True(
            double.Parse(rows[1].Split('|')[3]) < share * double.Parse(rows[0].Split('|')[3]),
            rows[1]);
        Assert.Equal("1", database.Line("SELECT live_version FROM neuro.models"));
        Assert.Equal(precision == "int8" ? "float32 int8" : "float16 float32", database.Line(
            "SELECT DISTINCT dtype FROM neuro.model_tensors WHERE version = 2 ORDER BY 1"));
        database.Rows("ALTER MODEL m SET LIVE VERSION 2");
        Assert.Equal("400", database.Line(
            "SELECT count(*) FROM t WHERE predict(m USING *) = predict(m@1 USING *)"));
        Assert.Contains(
            "already", database.Error($"ALTER MODEL m QUANTIZE {precision}").Message);
        Assert.Equal(
            ErrorCode.InvalidModel, database.Error("ALTER MODEL m QUANTIZE int4").Code);
    }

    [Fact]
    public void A_signed_file_is_imported_and_a_changed_one_is_refused()
    {
        using QueryFixture database = Open();
        string file = Path.Combine(_directory, "m.nsmodel");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string secret = Path.Combine(_directory, "key.pem");
        string open = Path.Combine(_directory, "pub.pem");
        File.WriteAllText(secret, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(open, key.ExportSubjectPublicKeyInfoPem());
        database.Rows($"EXPORT MODEL m TO '{file}' FORMAT native SIGNED BY '{secret}'");
        database.Rows($"IMPORT MODEL copy FROM '{file}' SIGNED BY '{open}'");
        Assert.StartsWith(
            "ecdsa sha256:",
            database.Line("SELECT signature FROM neuro.model_versions WHERE model = 'copy'"),
            StringComparison.Ordinal);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string wrong = Path.Combine(_directory, "wrong.pem");
        File.WriteAllText(wrong, other.ExportSubjectPublicKeyInfoPem());
        Assert.Equal(
            ErrorCode.MalformedModel,
            database.Error($"IMPORT MODEL x FROM '{file}' SIGNED BY '{wrong}'").Code);
        Assert.Equal(
            ErrorCode.MalformedModel,
            database.Error($"EXPORT MODEL m TO '{file}' SIGNED BY '{open}'").Code);
        File.WriteAllText(wrong, "no key");
        Assert.Equal(
            ErrorCode.MalformedModel,
            database.Error($"IMPORT MODEL x FROM '{file}' SIGNED BY '{wrong}'").Code);

        // A file that says of itself that it is signed is not, unless somebody asked.
        database.Rows($"EXPORT MODEL copy TO '{file}'");
        database.Rows($"IMPORT MODEL again FROM '{file}'");
        Assert.Equal("true", database.Line(
            "SELECT signature IS NULL FROM neuro.model_versions WHERE model = 'again'"));
        Assert.Equal(
            ErrorCode.MalformedModel,
            database.Error($"IMPORT MODEL x FROM '{file}' SIGNED BY '{open}'").Code);
    }

    [Fact]
    public void INPUT_and_OUTPUT_name_the_columns_of_an_imported_network()
    {
        using var database = new QueryFixture(
            "CREATE TABLE t AS SELECT n % 10 * 1.0 AS x, n % 7 * 1.0 AS y, n % 10 > 4 AS big "
            + "FROM generate_series(1, 300) AS s (n)",
            "CREATE MODEL m PREDICT big TRANSFORM (x, y) USING mlp(8) WITH (epochs = 20) AS "
            + "SELECT x, y, big FROM t");
        string file = Path.Combine(_directory, "m.onnx");
        database.Rows($"EXPORT MODEL m TO '{file}' FORMAT onnx");
        database.Rows($"IMPORT MODEL c FROM '{file}' FORMAT onnx INPUT (x DOUBLE, y DOUBLE) "
            + "OUTPUT (big BOOLEAN)");
        Assert.Equal("0", database.Line(
            "SELECT count(*) FROM t WHERE predict(m USING *) <> predict(c USING *)"));
        string[] wrong =
        [
            "INPUT (x DOUBLE)", "INPUT (x DOUBLE, x DOUBLE)", "INPUT (x TEXT, y DOUBLE)",
            "INPUT (x VECTOR(3))", "OUTPUT (big DOUBLE)", "OUTPUT (big BOOLEAN, z TEXT)",
        ];
        foreach (string clause in wrong)
        {
            Assert.Contains(
                database.Error($"IMPORT MODEL w FROM '{file}' {clause}").Code,
                (ErrorCode[])[ErrorCode.InvalidModel, ErrorCode.DuplicateName]);
        }

        database.Rows($"EXPORT MODEL m TO '{file}.nsmodel'");
        Assert.Equal(ErrorCode.InvalidModel, database.Error(
            $"IMPORT MODEL w FROM '{file}.nsmodel' INPUT (x DOUBLE)").Code);
    }

    private static QueryFixture Open() => new(
        "CREATE TABLE t AS SELECT n, n % 10 * 1.0 AS x, 'w' || (n % 3) AS word, CASE WHEN "
        + "n % 10 > 4 THEN 'a' ELSE 'b' END AS label FROM generate_series(1, 400) AS s (n)",
        "CREATE TABLE dated AS SELECT DATE '2024-01-01' AS n, 1.0 AS x",
        "CREATE MODEL m PREDICT label TRANSFORM (one_hot(word)) USING mlp(32) SPLIT (train .6, "
        + "validation .2, test .2) WITH (epochs = 20, learning_rate = .01) AS "
        + "SELECT x, word, label FROM t");
}
