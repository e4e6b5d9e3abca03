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
