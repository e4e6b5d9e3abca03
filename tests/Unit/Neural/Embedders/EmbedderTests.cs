using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>What embedders of texts are made of: decomposition, units, pairs, files.</summary>
public sealed class EmbedderTests
{
    private const int UnitsOfText = 64;

    private static readonly string[] Texts =
    [
        "the captain steers a ship over the ocean", "the sailor steers a boat over the sea",
        "the pilot steers a ferry into the harbour", "the baker kneads a bread with flour",
        "the cook kneads a cake with butter", "the chef kneads a pizza with yeast",
        "\u533b\u751f\u5728\u533b\u9662\u770b\u75c5", "\u62a4\u58eb\u5728\u533b\u9662\u6253\u9488",
    ];

    [Fact]
    public void Singular_values_are_those_of_all_eigenvalues()
    {
        const int Rows = 60;
        const int Columns = 40;
        const int Rank = 6;
        (SparseMatrix matrix, double[] dense) = RandomMatrix(Rows, Columns, 0.2);
        (double[] exact, _) = SymmetricEigen.Solve(GramOf(dense, Rows, Columns), Columns);

        (Memory<float> vectors, double[] values) =
            TruncatedDecomposition.Compute(matrix, Rank, 8, 1, new SystemWorkers(2));

        for (int k = 0; k < Rank; k++)
        {
            Assert.Equal(Math.Sqrt(exact[k]), values[k], 1e-3);
            for (int other = 0; other <= k; other++)
            {
                double product = 0;
                for (int i = 0; i < Columns; i++)
                {
                    product += (double)vectors.Span[(i * Rank) + k]
                        * vectors.Span[(i * Rank) + other];
                }

                Assert.Equal(k == other ? 1 : 0, product, 1e-4);
            }
        }
    }

    [Fact]
    public void Directions_that_a_matrix_does_not_have_are_zero()
    {
        var builder = new SparseMatrixBuilder();
        for (int row = 0; row < 10; row++)
        {
            builder.Add(0, 1);
            builder.Add(1, 2);
            builder.EndRow();
        }

        (Memory<float> vectors, double[] values) =
            TruncatedDecomposition.Compute(builder.Build(5), 4, 4, 1, new SystemWorkers(1));

        Assert.Equal(Math.Sqrt(50), values[0], 1e-4);
        Assert.All(values[1..], value => Assert.Equal(0, value, 1e-3));
        Assert.DoesNotContain(vectors.ToArray(), float.IsNaN);
    }

    [Theory]
    [InlineData("lsa(8, min_count=1)")]
    [InlineData("contrastive(8, min_count=1)")]
    [InlineData("skipgram(8, min_count=1)")]
    public void Threads_do_not_change_a_bit(string recipe)
    {
        TrainedModel one = Train(recipe, 1);
        Assert.Equal(one.WeightHash, Train(recipe, 7).WeightHash);
        Assert.Equal(Texts.Length, one.RowCount);
    }

    [Theory]
    [InlineData("lsa(8, min_count=1)")]
    [InlineData("skipgram(8, min_count=1)")]
    public void A_file_gives_the_same_vectors(string recipe)
    {
        FeaturePipeline pipeline = Fit(Recipe.Parse(recipe));
        var package = new ModelPackage(
            Train(recipe, 1).Model, pipeline, [], new Dictionary<string, string>());

        ModelPackage read = ModelFile.Read(ModelFile.Write(package));

        Assert.Equal(Encode(package), Encode(read));
        Assert.Equal(8, EmbeddingModel.LengthOf(read.Model));
        Assert.All(
            Encode(read).Chunk(8),
            vector => Assert.Equal(1, vector.Sum(value => value * value), 1e-4));
    }

    [Fact]
    public void Units_do_not_depend_on_the_order_of_texts()
    {
        UnitVocabulary first = Learn(Texts);
        UnitVocabulary second = Learn([.. Texts.Reverse()]);
        var one = new float[2 * UnitsOfText];
        var other = new float[2 * UnitsOfText];

        Assert.True(first.TryApply(Texts[6], one));
        Assert.True(second.TryApply(Texts[6], other));
        Assert.Equal(one, other);
        Assert.False(first.TryApply("?!", one));
        Assert.False(first.TryApply(null, one));
        Assert.All(one, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Of_a_long_text_the_heaviest_units_stay_in_their_order()
    {
        var vocabulary = new UnitVocabulary(false, 4, 1000, 1);
        foreach (string text in Texts)
        {
            vocabulary.Observe(text);
        }

        vocabulary.EndFit();
        var few = new float[8];

        Assert.True(vocabulary.TryApply(string.Join(' ', Texts), few));
        Assert.Equal(4, few.Where((_, i) => i % 2 == 0).Distinct().Count(number => number > 0));
        Assert.Equal(1, few.Where((_, i) => i % 2 == 1).Sum(weight => weight * weight), 1e-4);
    }

    [Fact]
    public void Signs_of_neighbouring_rows_are_not_alike()
    {
        const int Width = 256;
        for (int row = 1; row < 100; row++)
        {
            float sum = 0;
            for (int i = 0; i < Width; i++)
            {
                sum += RandomSign.Of(1, i) * RandomSign.Of(1, (row * Width) + i);
            }

            Assert.InRange(sum, -90, 90);
        }
    }

    [Fact]
    public void A_network_gives_the_layer_before_its_last()
    {
        Network network = NetworkBuilder.Build(
            TensorShape.Flat(3), "dense(5, relu), dropout(0.5), dense(2)");
        Memory<float> weights = Gpu.AlignedMemory.Allocate<float>(network.ParameterLength);
        weights.Span.Fill(0.5f);
        var model = new NetworkModel(
            network, weights, LossKind.CrossEntropy, ModelTask.Classifier);

        Model? features = EmbeddingModel.Of(model);

        Assert.NotNull(features);
        Assert.Equal(5, EmbeddingModel.LengthOf(model));
        var outputs = new float[5];
        features.Predict(new float[] { 1, 2, 3 }, 1, outputs);
        Assert.All(outputs, value => Assert.Equal(3.5f, value, 1e-5));
        Assert.Equal(0, EmbeddingModel.LengthOf(new CenterModel(new float[6], 3)));
    }

    private static UnitVocabulary Learn(string[] texts)
    {
        var vocabulary = new UnitVocabulary(false, UnitsOfText, 1000, 1);
        foreach (string text in texts)
        {
            vocabulary.Observe(text);
        }

        vocabulary.EndFit();
        return vocabulary;
    }

    private static FeaturePipeline Fit(Recipe recipe)
    {
        FeatureColumn column = FeatureColumn.Text("body");
        return FeaturePipeline.Fit([column], [recipe.UnitsOf("body")], [RowsOf(column)]);
    }

    private static RawRows RowsOf(FeatureColumn column)
    {
        var rows = new RawRows([column], Texts.Length) { Count = Texts.Length };
        Texts.CopyTo(rows.Texts[0], 0);
        return rows;
    }

    private static float[] FeaturesOf(FeaturePipeline pipeline)
    {
        var features = new float[Texts.Length * pipeline.Output.Length];
        pipeline.Apply(RowsOf(pipeline.Columns[0]), features, new bool[Texts.Length]);
        return features;
    }

    private static float[] Encode(ModelPackage package)
    {
        var outputs = new float[Texts.Length * package.Model.OutputCount];
        package.Model.Predict(FeaturesOf(package.Pipeline!), Texts.Length, outputs);
        return outputs;
    }

    private static TrainedModel Train(string text, int threads)
    {
        Recipe recipe = Recipe.Parse(text);
        FeaturePipeline pipeline = Fit(recipe);
        var options = new TrainingOptions { Threads = threads, Epochs = 3, BatchSize = 4 };
        var trainer = new ModelTrainer(
            recipe,
            ModelTask.Embedder,
            options,
            new SystemWorkers(threads),
            TimeProvider.System);
        var source = new ArrayExamples(
            FeaturesOf(pipeline), Array.Empty<float>(), Texts.Length, null);
        return trainer.Train(pipeline.Output, 1, source, null);
    }

    private static (SparseMatrix Matrix, double[] Dense) RandomMatrix(
        int rows, int columns, double share)
    {
        var random = new Random(7);
        var builder = new SparseMatrixBuilder();
        var dense = new double[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (random.NextDouble() < share || row == column)
                {
                    float value = (float)(random.NextDouble() + (column / 10));
                    builder.Add(column, value);
                    dense[(row * columns) + column] = value;
                }
            }

            builder.EndRow();
        }

        return (builder.Build(columns), dense);
    }

    private static double[] GramOf(double[] dense, int rows, int columns)
    {
        var gram = new double[columns * columns];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < columns; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    gram[(i * columns) + j] +=
                        dense[(row * columns) + i] * dense[(row * columns) + j];
                }
            }
        }

        return gram;
    }
}
