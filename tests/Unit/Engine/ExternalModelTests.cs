namespace NeuroDb.Tests.Unit;

/// <summary>Models that stay outside: files of others, and functions of the program.</summary>
public sealed class ExternalModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_function_of_the_program_predicts_rows_and_is_asked_again_after_opening()
    {
        string path = Path.Combine(_folder.Path, "db");
        using (NeuroStore database = NeuroStore.Open(path, WithPrices()))
        {
            database.Execute("CREATE TABLE t (id INT, area DOUBLE, rooms INT)");
            database.Execute("INSERT INTO t VALUES (1, 50, 2), (2, 80, 3), (3, NULL, 1)");
            database.Execute(
                "CREATE EXTERNAL MODEL price TYPE regressor INPUT (area DOUBLE, rooms INT) "
                + "OUTPUT (price DOUBLE PRECISION) LOCATION 'delegate:Price'");
            Assert.Equal(["120", "190", ""], Answers(database));
        }

        using (NeuroStore database = NeuroStore.Open(path, WithPrices()))
        {
            Assert.Equal(["120", "190", ""], Answers(database));
            Assert.Equal(
                "delegate:Price external",
                database.QueryScalar<string>(
                    "SELECT architecture || ' ' || device FROM neuro.model_versions"));
        }

        using NeuroStore without = NeuroStore.Open(path);
        NeuroStoreException error =
            Assert.ThrowsAny<NeuroStoreException>(() => Answers(without));
        Assert.Equal(ErrorCode.UnknownObject, error.Code);
        Assert.Contains("NeuroStoreOptions.Models", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_gives_vectors_for_embed()
    {
        using NeuroStore database = NeuroStore.OpenInMemory(WithPrices());
        database.Execute(
            "CREATE EXTERNAL MODEL twice TYPE embedder INPUT (v VECTOR(2)) OUTPUT (w VECTOR(2)) "
            + "LOCATION 'delegate:Twice'");
        Assert.Equal(
            "[2,4]", database.QueryScalar<string>("SELECT embed(twice, '[1,2]'::VECTOR(2))::TEXT"));
    }

    [Fact]
    public void What_a_function_does_wrong_is_an_error_of_the_statement()
    {
        using NeuroStore database = NeuroStore.OpenInMemory(WithPrices());
        foreach (string name in (string[])["Throws", "Short", "Nan"])
        {
            database.Execute(
                $"CREATE EXTERNAL MODEL {name} TYPE regressor INPUT (a DOUBLE) OUTPUT (y DOUBLE) "
                + $"LOCATION 'delegate:{name}'");
            NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
                () => database.QueryScalar<double>($"SELECT predict({name} USING 1.5 AS a)"));
            Assert.Equal(ErrorCode.EncoderFailed, error.Code);
        }
    }

    [Theory]
    [InlineData("TYPE regressor LOCATION 'https://example.com/m'", "onnx:")]
    [InlineData("TYPE wizard LOCATION 'delegate:Price'", "wizard")]
    [InlineData("TYPE regressor LOCATION 'delegate:Price'", "INPUT")]
    [InlineData("TYPE regressor LOCATION 'delegate:Rice'", "Did you mean")]
    [InlineData("TYPE embedder INPUT (a DOUBLE) OUTPUT (y DOUBLE) LOCATION 'delegate:Price'",
        "regressor")]
    [InlineData("TYPE classifier INPUT (a DOUBLE) OUTPUT (y TEXT) LOCATION 'delegate:Price'",
        "labels")]
    public void What_cannot_be_outside_is_refused(string clauses, string word)
    {
        using NeuroStore database = NeuroStore.OpenInMemory(WithPrices());
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => database.Execute($"CREATE EXTERNAL MODEL m {clauses}"));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.Equal(0L, database.QueryScalar<long>("SELECT count(*) FROM neuro.models"));
    }

    [Fact]
    public void A_file_answers_as_long_as_it_is_the_same_and_within_the_roots()
    {
        string file = Path.Combine(_folder.Path, "m.onnx");
        string path = Path.Combine(_folder.Path, "db");
        File.WriteAllBytes(file, TorchOnnx.Of("mlp").File);
        float[] row = TorchOnnx.Of("mlp").Rows[..6];
        using (NeuroStore database = NeuroStore.Open(
            path, new NeuroStoreOptions { FileRoots = [_folder.Path] }))
        {
            database.Execute(
                $"CREATE EXTERNAL MODEL m TYPE classifier LOCATION 'onnx:{file}'");
            Assert.Equal(
                TorchOnnx.Of("mlp").Outputs[1],
                database.QueryScalar<double>(
                    "SELECT predict_proba(m, '1' USING ? AS features)", row),
                1e-5);
            Assert.InRange(
                database.QueryScalar<long>("SELECT bytes FROM neuro.model_versions"), 1, 2000);
            Assert.ThrowsAny<NeuroStoreException>(() => database.Execute(
                $"EXPORT MODEL m TO '{file}.copy' FORMAT native"));
        }

        File.WriteAllBytes(file, TorchOnnx.Of("mlp_nobias").File);
        using (NeuroStore database = NeuroStore.Open(path))
        {
            NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
                () => database.QueryScalar<string>(
                    "SELECT predict(m USING ? AS features)", row));
            Assert.Equal(ErrorCode.MalformedModel, error.Code);
            Assert.Contains("OR REPLACE", error.Message, StringComparison.Ordinal);
            database.Execute(
                $"CREATE OR REPLACE EXTERNAL MODEL m TYPE regressor LOCATION 'onnx:{file}'");
            database.QueryScalar<double>("SELECT predict(m USING ? AS features)", row);
        }

        using NeuroStore closed = NeuroStore.Open(
            path, new NeuroStoreOptions { FileRoots = [Path.Combine(_folder.Path, "db")] });
        NeuroStoreException outside = Assert.ThrowsAny<NeuroStoreException>(
            () => closed.QueryScalar<double>("SELECT predict(m USING ? AS features)", row));
        Assert.Equal(ErrorCode.FileOutsideRoots, outside.Code);
    }

    private static NeuroStoreOptions WithPrices() => new()
    {
        Models = new Dictionary<string, RowModel>
        {
            ["Price"] = static rows =>
                [.. rows.Select(row => new[] { (row[0] * 2) + (row[1] * 10) })],
            ["Twice"] = static rows => [.. rows.Select(row => row.Select(x => x * 2).ToArray())],
            ["Throws"] = static _ => throw new InvalidOperationException("no"),
            ["Short"] = static _ => [],
            ["Nan"] = static rows => [.. rows.Select(_ => new[] { float.NaN })],
        },
    };

    private static string[] Answers(NeuroStore database)
    {
        var answers = new List<string>();
        using ResultReader rows =
            database.Query("SELECT predict(price USING *) FROM t ORDER BY id");
        while (rows.Read())
        {
            answers.Add(rows.IsNull(0) ? "" : $"{rows.GetDouble(0)}");
        }

        return [.. answers];
    }
}
