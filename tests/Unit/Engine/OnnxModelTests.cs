using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>Networks leave a database as ONNX and come into another one.</summary>
public sealed class OnnxModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_classifier_that_came_as_onnx_predicts_the_same_labels_and_probabilities()
    {
        string file = Path.Combine(_folder.Path, "m.onnx");
        using (NeuroStore first = NeuroStore.OpenInMemory())
        {
            Fill(first);
            first.Execute(
                "CREATE MODEL m TYPE classifier PREDICT kind USING mlp(8) "
                + "WITH (epochs = 5, seed = 3) AS SELECT kind, features FROM points");
            first.Execute($"EXPORT MODEL m TO '{file}'");
            string[] before = Answers(first);
            first.Execute($"IMPORT MODEL copied FROM '{file}' FORMAT onnx");
            Assert.Equal(before, Answers(first, "copied"));
        }

        using NeuroStore second = NeuroStore.OpenInMemory();
        Fill(second);
        second.Execute($"IMPORT MODEL m FROM '{file}'");
        Assert.Equal(["a", "b"], [.. Answers(second).Select(it => it[..1]).Distinct().Order()]);
    }

    [Fact]
    public void An_embedder_of_texts_is_exported_with_all_its_vectors()
    {
        string file = Path.Combine(_folder.Path, "e.onnx");
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute(
            "CREATE TABLE corpus AS SELECT 'wind and rain from the sea ' || (i % 9) AS body "
            + "FROM generate_series(1, 60) g (i); CREATE MODEL e TYPE embedder "
            + "USING contrastive(4, min_count = 1) AS SELECT body FROM corpus");
        database.Execute($"EXPORT MODEL e TO '{file}'");
        OnnxSignature read = OnnxCheck.Read(File.ReadAllBytes(file));
        Assert.Contains("Gather", read.Operators.Keys);
        Assert.Contains("ReduceL2", read.Operators.Keys);
    }

    [Fact]
    public void A_file_that_is_no_onnx_is_refused_and_no_model_is_there()
    {
        string file = Path.Combine(_folder.Path, "m.onnx");
        File.WriteAllBytes(file, [1, 2, 3, 4]);
        using NeuroStore database = NeuroStore.OpenInMemory();
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => database.Execute($"IMPORT MODEL m FROM '{file}'"));
        Assert.Equal(ErrorCode.MalformedModel, error.Code);
        Assert.Equal(0L, database.QueryScalar<long>("SELECT count(*) FROM neuro.models"));
    }

    [Fact]
    public void A_network_of_PyTorch_is_explained_quantized_and_trained_on()
    {
        string file = Path.Combine(_folder.Path, "mlp.onnx");
        File.WriteAllBytes(file, TorchOnnx.Of("mlp").File);
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute($"IMPORT MODEL m FROM '{file}'");
        database.Execute("CREATE TABLE t (id INT, label TEXT, features VECTOR(6))");
        var random = new Random(6);
        for (int i = 0; i < 300; i++)
        {
            float[] row = [.. Enumerable.Range(0, 6).Select(_ => random.NextSingle() - 0.5f)];
            int label = row[0] > 0.1f ? 0 : row[1] > 0 ? 1 : 2;
            database.Execute("INSERT INTO t VALUES (?, ?, ?)", i, $"{label}", row);
        }

        using (ResultReader lines = database.Query("EXPLAIN MODEL m"))
        {
            var text = new List<string>();
            while (lines.Read())
            {
                text.Add(lines.GetString(0));
            }

            Assert.Contains(text, line => line.Contains("dense(8", StringComparison.Ordinal));
        }

        database.Execute("ALTER MODEL m QUANTIZE int8");
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => database.Execute("RETRAIN MODEL m WARM START"));
        Assert.Contains("AS SELECT", error.Message, StringComparison.Ordinal);
        database.Execute(
            "RETRAIN MODEL m WARM START WITH (epochs = 60, seed = 2, learning_rate = 0.01) "
            + "AS SELECT label, features FROM t");
        Assert.Equal(
            3, database.QueryScalar<int>("SELECT live_version FROM neuro.models"));
        Assert.InRange(
            database.QueryScalar<double>(
                "SELECT avg(CASE WHEN predict(m USING features) = label THEN 1.0 ELSE 0 END) "
                + "FROM t"),
            0.8,
            1);
        database.Execute("RETRAIN MODEL m WARM START WITH (epochs = 1)");
        Assert.Equal(
            4L, database.QueryScalar<long>("SELECT count(*) FROM neuro.model_versions"));
    }

    [Theory]
    [InlineData("lstm(6), dense(2)", "LSTM", "lstm(6)")]
    [InlineData(
        "residual(attention(2)), silu, global_avgpool, dense(2)", "Softmax", "attention(2)")]
    public void A_graph_of_sequences_runs_explains_quantizes_and_trains_as_our_layers(
        string layers, string type, string shown)
    {
        // As others write it: nothing but the graph.
        Network network = NetworkBuilder.Build(new TensorShape(1, 5, 4), layers);
        Memory<float> weights = Initializer.Create(network, 5, InitialValue.Auto);
        var model = new NetworkModel(
            network, weights, LossKind.CrossEntropy, ModelTask.Classifier);
        byte[] own = OnnxExporter.Write(
            new ModelPackage(model, null, [], new Dictionary<string, string>()), "m");
        byte[] bytes = OnnxText.WithoutNote(own, model);
        Assert.Contains(type, OnnxCheck.Read(bytes).Operators.Keys);
        string file = Path.Combine(_folder.Path, "sequence.onnx");
        File.WriteAllBytes(file, bytes);
        using NeuroStore database = NeuroStore.OpenInMemory(
            new NeuroStoreOptions { OnnxRuntimePath = _folder.Path });
        database.Execute($"IMPORT MODEL m FROM '{file}'");
        Assert.Contains(
            shown,
            database.QueryScalar<string>("SELECT architecture FROM neuro.model_versions"),
            StringComparison.Ordinal);
        database.Execute("CREATE TABLE t (id INT, label TEXT, features VECTOR(20))");
        var random = new Random(6);
        for (int i = 0; i < 300; i++)
        {
            float[] row = [.. Enumerable.Range(0, 20).Select(_ => random.NextSingle() - 0.5f)];
            database.Execute("INSERT INTO t VALUES (?, ?, ?)", i, Sum(row) > 0 ? "1" : "0", row);
        }

        database.Execute(
            "RETRAIN MODEL m WARM START WITH (epochs = 30, seed = 2, learning_rate = 0.02) "
            + "AS SELECT label, features FROM t");
        const string Share =
            "SELECT avg(CASE WHEN predict(m USING features) = label THEN 1.0 ELSE 0 END) FROM t";
        Assert.InRange(database.QueryScalar<double>(Share), 0.8, 1);
        database.Execute(
            "RETRAIN MODEL m KEEP WITH (epochs = 1) AS SELECT label, features FROM t");
        Assert.Equal("3|1", database.QueryScalar<string>(
            "SELECT count(*) || '|' || count(DISTINCT params) FROM neuro.model_versions"));
        using (ResultReader parts = database.Query(
            "EXPLAIN PREDICTION m USING (CAST((SELECT features FROM t WHERE id = 1) AS VECTOR(20)) "
            + "AS features) METHOD integrated_gradients"))
        {
            Assert.True(parts.Read());
        }

        database.Execute("ALTER MODEL m QUANTIZE int8");
        Assert.InRange(database.QueryScalar<double>(Share), 0.8, 1);
    }

    private static float Sum(float[] row) => row.Where((_, i) => i % 4 == 0).Sum();

    private static void Fill(NeuroStore database)
    {
        database.Execute("CREATE TABLE points (id INT, kind TEXT, features VECTOR(2))");
        for (int i = 0; i < 200; i++)
        {
            double angle = i * 0.7;
            float[] at = [(float)Math.Sin(angle), (float)Math.Cos(angle)];
            database.Execute(
                "INSERT INTO points VALUES (?, ?, ?)", i, at[0] > at[1] ? "a" : "b", at);
        }
    }

    private static string[] Answers(NeuroStore database, string model = "m")
    {
        var answers = new List<string>();
        using ResultReader rows = database.Query(
            $"SELECT predict({model} USING features), "
            + $"round(predict_proba({model}, 'a' USING features), 4) FROM points ORDER BY id");
        while (rows.Read())
        {
            answers.Add($"{rows.GetString(0)} {rows.GetValue(1)}");
        }

        return [.. answers];
    }
}
