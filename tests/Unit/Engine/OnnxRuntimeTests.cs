using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Networks of others that run by ONNX Runtime are models as all others are.</summary>
public sealed class OnnxRuntimeTests : IDisposable
{
    private const int Width = 6;
    private static readonly float[] Rows =
        [.. Enumerable.Range(0, 3 * Width).Select(static it => it / 7f)];

    private static readonly float[] Sines = [.. Rows.Select(MathF.Sin)];
    private readonly TemporaryFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [OnnxRuntimeFact]
    public void A_network_of_others_predicts_the_same_after_the_database_was_opened_again()
    {
        string path = Path.Combine(_folder.Path, "db");
        float[] expected = Sines;
        using (NeuroStore database = NeuroStore.Open(path))
        {
            Fill(database);
            database.Execute($"IMPORT MODEL m FROM '{SineFile()}'");
            AssertNear(expected, Vectors(database, "predict(m USING features)"));
            AssertNear(expected, Vectors(database, "embed(m, features)"));
        }

        using (NeuroStore database = NeuroStore.Open(path))
        {
            AssertNear(expected, Vectors(database, "predict(m USING *)"));
            using ResultReader row = database.Query(
                "SELECT architecture, device, params, bytes FROM neuro.model_versions");
            Assert.True(row.Read());
            Assert.StartsWith("onnxruntime(", row.GetString(0), StringComparison.Ordinal);
            Assert.Contains("Sin", row.GetString(0), StringComparison.Ordinal);
            Assert.Matches(@"^onnxruntime \d+\.\d+\.\d+ cpu$", row.GetString(1));
            Assert.InRange(row.GetInt64(3), new FileInfo(SineFile()).Length, 1 << 16);
        }
    }

    [OnnxRuntimeFact]
    public void Dropping_a_network_of_others_frees_its_bytes_and_copies_share_them()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute($"IMPORT MODEL a FROM '{SineFile()}'");
        database.Execute($"IMPORT MODEL b FROM '{SineFile()}'");
        const string Bytes = "SELECT count(*), count(DISTINCT sha256) FROM neuro.model_tensors";
        using (ResultReader row = database.Query(Bytes))
        {
            Assert.True(row.Read());
            Assert.Equal((2L, 1L), (row.GetInt64(0), row.GetInt64(1)));
        }

        database.Execute("DROP MODEL a");
        Fill(database);
        AssertNear(Sines, Vectors(database, "predict(b USING *)"));
        database.Execute("DROP MODEL b");
        Assert.Equal(
            0L, database.QueryScalar<long>("SELECT count(*) FROM neuro.model_tensors"));
    }

    [OnnxRuntimeFact]
    public void A_network_of_others_leaves_as_the_file_that_it_came_as()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        string file = SineFile();
        string copy = Path.Combine(_folder.Path, "copy.onnx");
        string native = Path.Combine(_folder.Path, "copy.model");
        database.Execute($"IMPORT MODEL m FROM '{file}'");
        database.Execute($"EXPORT MODEL m TO '{copy}'");
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(copy));
        database.Execute($"EXPORT MODEL m TO '{native}'");
        database.Execute($"IMPORT MODEL n FROM '{native}'");
        Fill(database);
        AssertNear(Sines, Vectors(database, "predict(n USING *)"));
    }

    [OnnxRuntimeFact]
    public void A_classifier_of_another_library_gives_its_labels()
    {
        string file = Path.Combine(_folder.Path, "linear.onnx");
        File.WriteAllBytes(file, LinearClassifier());
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute($"IMPORT MODEL m FROM '{file}'");
        database.Execute("CREATE TABLE t (id INT, features VECTOR(2))");
        database.Execute("INSERT INTO t VALUES (1, '[3, 0]'), (2, '[0, 3]'), (3, NULL)");
        using ResultReader rows = database.Query(
            "SELECT predict(m USING features), predict_proba(m, 'good' USING features) "
            + "FROM t ORDER BY id");
        var answers = new List<string>();
        while (rows.Read())
        {
            answers.Add(rows.IsNull(0) ? "" : $"{rows.GetString(0)} {rows.GetDouble(1):0.000}");
        }

        Assert.Equal(["bad 0.047", "good 0.953", ""], answers);
    }

    [OnnxRuntimeFact]
    public void What_only_layers_of_ours_can_do_is_refused_by_name()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute($"IMPORT MODEL m FROM '{SineFile()}'");
        foreach (string statement in (string[])["ALTER MODEL m QUANTIZE int8",
            $"EXPORT MODEL m TO '{Path.Combine(_folder.Path, "m.cs")}'"])
        {
            NeuroStoreException error =
                Assert.ThrowsAny<NeuroStoreException>(() => database.Execute(statement));
            Assert.Contains("onnx", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_missing_library_names_itself_and_how_to_get_it()
    {
        using NeuroStore database = NeuroStore.OpenInMemory(
            new NeuroStoreOptions { OnnxRuntimePath = _folder.Path });
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => database.Execute($"IMPORT MODEL m FROM '{SineFile()}'"));
        Assert.Equal(ErrorCode.NotSupported, error.Code);
        foreach (string word in (string[])["onnxruntime", "Microsoft.ML.OnnxRuntime",
            "OnnxRuntimePath", OnnxRuntime.Variable, _folder.Path])
        {
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0L, database.QueryScalar<long>("SELECT count(*) FROM neuro.models"));
    }

    [OnnxRuntimeFact]
    public void Damaged_networks_never_end_the_process()
    {
        byte[] file = TorchOnnx.Of("texts").File;
        var random = new Random(5);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. file];
            for (int j = random.Next(1, 4); j > 0; j--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Exception? error = Record.Exception(
                () => OnnxRuntimeImporter.Read(damaged, OnnxRuntime.Default));
            Assert.True(error is null or NeuroStoreException, error?.ToString());
        }
    }

    private static byte[] LinearClassifier()
    {
        ProtobufWriter Attribute(string name, int type) =>
            new ProtobufWriter().Text(1, name).Number(20, type);
        ProtobufWriter coefficients = Attribute("coefficients", 6);
        foreach (float number in (float[])[1, 0, 0, 1])
        {
            coefficients.Single(7, number);
        }

        ProtobufWriter node = OnnxText.Node("LinearClassifier", ["x"], "label", "scores")
            .Text(7, "ai.onnx.ml")
            .Message(5, coefficients)
            .Message(5, Attribute("intercepts", 6).Single(7, 0).Single(7, 0))
            .Message(5, new ProtobufWriter().Text(1, "post_transform").Text(4, "SOFTMAX")
                .Number(20, 3))
            .Message(5, new ProtobufWriter().Text(1, "classlabels_strings")
                .Text(9, "bad").Text(9, "good").Number(20, 8));
        ProtobufWriter graph = new ProtobufWriter()
            .Message(1, node)
            .Text(2, "linear")
            .Message(11, OnnxText.Value("x", 1, 2))
            .Message(12, OnnxText.Value("label", 8))
            .Message(12, OnnxText.Value("scores", 1, 2));
        return OnnxText.File(graph, "ai.onnx.ml", 2);
    }

    private static void AssertNear(float[] expected, float[] given)
    {
        Assert.Equal(expected.Length, given.Length);
        Assert.InRange(
            expected.Zip(given, static (a, b) => Math.Abs(a - b)).Max(), 0, 1e-5f);
    }

    private static float[] Vectors(NeuroStore database, string expression)
    {
        var numbers = new List<float>();
        using ResultReader rows = database.Query($"SELECT {expression} FROM t ORDER BY id");
        while (rows.Read())
        {
            numbers.AddRange(rows.GetVector(0).Span);
        }

        return [.. numbers];
    }

    private static void Fill(NeuroStore database)
    {
        database.Execute($"CREATE TABLE t (id INT, features VECTOR({Width}))");
        for (int i = 0; i < 3; i++)
        {
            database.Execute(
                "INSERT INTO t VALUES (?, ?)", i, Rows[(i * Width)..((i + 1) * Width)]);
        }
    }

    // No layer of ours is a sine.
    private string SineFile()
    {
        string file = Path.Combine(_folder.Path, "sine.onnx");
        File.WriteAllBytes(file, OnnxText.File(new ProtobufWriter()
            .Message(1, OnnxText.Node("Sin", ["x"], "y"))
            .Text(2, "sine")
            .Message(11, OnnxText.Value("x", 1, Width))
            .Message(12, OnnxText.Value("y", 1, Width))));
        return file;
    }
}
