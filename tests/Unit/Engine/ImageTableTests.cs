namespace NeuroDb.Tests.Unit;

/// <summary>The verbs for tables of images: make, import, read, train, drop.</summary>
public sealed class ImageTableTests
{
    // A name that would do harm if it were ever read as SQL.
    private const string Hostile = "x\"; DROP TABLE kept; --";

    [Theory]
    [InlineData("digits")]
    [InlineData(Hostile)]
    public void The_seven_verbs_work_with_any_name(string table)
    {
        using var folder = new TemporaryFolder();
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute("CREATE TABLE kept (id INTEGER)");
        database.CreateImageTable(table, 8, 8);
        string root = MakeFolder(folder.Path, 40);
        CopyResult loaded = database.ImportFolder(table, root);
        Assert.Equal((80, 1), (loaded.RowsLoaded, loaded.RowsRejected));

        var (x, y, labels) = database.ReadArrays(table);
        Assert.Equal(["left", "right"], labels);
        Assert.Equal(80 * 64, x.Length);
        Assert.Equal(40, y.Count(label => label == 1));
        Assert.All(x, pixel => Assert.InRange(pixel, 0, 1));

        TrainingSummary trained = database.Train(
            table, "mlp(8)", epochs: 15, batchSize: 8, validation: 0.25);
        Assert.Equal(1, trained.Version);
        Assert.Equal("accuracy", trained.Metric);
        Assert.True(trained.Value > trained.Baseline + 0.2, $"{trained}");
        Assert.Equal(0, trained.RowsRejected);
        string name = trained.Model.Replace("\"", "\"\"", StringComparison.Ordinal);
        Assert.Equal("left", database.QueryScalar<string>(
            $"SELECT predict(\"{name}\" USING ? AS pic)", Picture(isLeft: true, 1000)));

        using (ResultReader rows = database.Rows(table))
        {
            Assert.True(rows.Read());
            Assert.Equal("left", rows.GetString(0));
        }

        database.DropTable(table);
        Assert.Equal(0L, database.QueryScalar<long>("SELECT count(*) FROM kept"));
        Assert.ThrowsAny<NeuroStoreException>(() => database.Rows(table));
    }

    [Fact]
    public void What_is_not_saved_leaves_no_model_and_a_size_resizes()
    {
        using var folder = new TemporaryFolder();
        using NeuroStore database = NeuroStore.OpenInMemory();
        database.CreateImageTable("t", 8, 8);
        string root = MakeFolder(folder.Path, 10);
        database.ImportFolder("t", root);
        Assert.Equal(20 * 16, database.ReadArrays("t", 4).Pixels.Length);
        TrainingSummary summary = database.Train("t", "linear", epochs: 1, save: false, size: 4);
        Assert.Equal(0, summary.Version);
        Assert.ThrowsAny<NeuroStoreException>(
            () => database.Execute("SELECT predict(t_linear USING *) FROM t"));
        Assert.Equal(1, database.Train("t", "linear", epochs: 1).Version);
    }

    [Fact]
    public void Bad_arguments_are_typed_errors()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        Assert.ThrowsAny<ArgumentException>(() => database.CreateImageTable("t", 0, 8));
        Assert.ThrowsAny<ArgumentException>(() => database.CreateImageTable("t", 8, 8, 2));
        Assert.ThrowsAny<ArgumentException>(() => database.CreateImageTable(" ", 8, 8));
        database.CreateImageTable("t", 8, 8);
        database.Execute("CREATE TABLE plain (a INTEGER, b INTEGER)");
        Assert.Equal(
            ErrorCode.WrongColumnCount,
            Assert.ThrowsAny<NeuroStoreException>(() => database.ReadArrays("plain")).Code);
        Assert.Equal(
            ErrorCode.UnknownTable,
            Assert.ThrowsAny<NeuroStoreException>(() => database.Train("nothing")).Code);
        NeuroStoreException network = Assert.ThrowsAny<NeuroStoreException>(
            () => database.Train("t", "simple_cn"));
        Assert.Contains("simple_cnn", network.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<NeuroStoreException>(() => database.Train("t", "mlp) AS SELECT 1; --"));
        Assert.ThrowsAny<NeuroStoreException>(() => database.Train("t"));
        Assert.Empty(database.ReadArrays("t").Pixels);
    }

    // A bright half on one side, noise everywhere; and one file that is no image.
    private static string MakeFolder(string parent, int count)
    {
        // Rejected files are listed beside the folder.
        string root = Path.Combine(parent, "filedata");
        foreach (bool isLeft in (bool[])[true, false])
        {
            string folder = Path.Combine(root, isLeft ? "left" : "right");
            Directory.CreateDirectory(folder);
            for (int i = 0; i < count; i++)
            {
                File.WriteAllBytes(Path.Combine(folder, $"{i:D3}.pgm"), Picture(isLeft, i));
            }
        }

        File.WriteAllText(Path.Combine(root, "left", "notes.txt"), "no image");
        return root;
    }

    private static byte[] Picture(bool isLeft, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[64];
        for (int i = 0; i < pixels.Length; i++)
        {
            bool isBright = i % 8 < 4 == isLeft;
            pixels[i] = (byte)(random.Next(90) + (isBright ? 150 : 0));
        }

        return [.. "P5 8 8 255\n"u8, .. pixels];
    }
}
