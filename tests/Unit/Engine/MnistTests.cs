namespace NeuroDb.Tests.Unit;

/// <summary>Real digits, from their files to predictions.</summary>
public sealed class MnistTests
{
    [MnistFact]
    public void Digits_go_from_idx_files_through_a_network_to_predictions()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.CreateImageTable("digits", 28, 28);
        using Session session = database.OpenSession();
        CopyResult loaded = session.CopyFrom(
            "digits",
            File("t10k-images-idx3-ubyte.gz"),
            $"FORMAT idx, LABELS '{File("t10k-labels-idx1-ubyte.gz")}'");
        Assert.Equal(new CopyResult(10_000, 0, null), loaded);
        Assert.Equal(
            ("28|28|1", 980L),
            (session.QueryScalar<string>(
                "SELECT DISTINCT width(pic) || '|' || height(pic) || '|' || channels(pic) "
                + "FROM digits"),
                session.QueryScalar<long>("SELECT count(*) FROM digits WHERE label = '0'")));

        session.Execute(
            "CREATE TABLE train AS SELECT label, pic FROM digits LIMIT 1500;"
            + "CREATE MODEL m PREDICT label USING mlp(32) SPLIT (train .9, validation .1) "
            + "WITH (epochs = 8, learning_rate = 0.003, seed = 1) "
            + "AS SELECT label, pic FROM train");
        double right = session.QueryScalar<double>(
            "SELECT avg(CASE WHEN predict(m USING *) = label THEN 1.0 ELSE 0.0 END) "
            + "FROM (SELECT * FROM digits LIMIT 1000 OFFSET 5000)");
        Assert.InRange(right, 0.85, 1);
    }

    private static string File(string name) => Path.Combine(MnistFactAttribute.Folder!, name);
}
