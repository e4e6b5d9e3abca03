namespace NeuroDb.Bench;

/// <summary>
/// The distributions of rows that a promise of recall is tried on: what embeddings are like, and
/// what no index likes.
/// </summary>
internal static class VectorDistributions
{
    /// <summary>Makes the row of a number, from zeros.</summary>
    public delegate void Fill(Random random, Span<float> vector, int row);

    /// <summary>All sets of so many rows and queries, each drawn when it is asked for.</summary>
    public static IEnumerable<(string Name, Func<RecallSet> Draw)> All(int rows, int queries)
    {
        foreach ((string name, int dimension, Fill fill) in Shapes(rows)
            .Concat(HardShapes()).Concat(OtherShapes()))
        {
            yield return (name, () => SetOf(name, dimension, rows, queries, fill));
        }

        yield return ("words and pictures", () => TextToImage(rows, queries));
        foreach (int count in (int[])[1_100, 2_500, 4_095, 4_097, 5_000])
        {
            string name = $"normal, {count:N0} rows";
            yield return (name, () => SetOf(name, 24, count, queries, Normal));
        }

        foreach (int dimension in (int[])[4_096, 16_384])
        {
            string name = $"normal of rank 64 in {dimension:N0} dimensions";
            yield return (name, () => SetOf(
                name, dimension, 20_480_000 / dimension, Math.Min(queries, 200),
                OfRank(64, dimension)));
        }
    }

    private static RecallSet SetOf(
        string name, int dimension, int rows, int queries, Fill fill) => RecallSet.Of(
            name, Draw(rows, dimension, 1, 0, fill), Draw(queries, dimension, 2, rows, fill));

    /// <summary>A normal number (Box and Muller, 1958).</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
            * Math.Cos(2 * Math.PI * random.NextDouble());

    private static IEnumerable<(string Name, int Dimension, Fill Fill)> Shapes(int rows)
    {
        yield return ("normal, 1 dimension", 1, Normal);
        yield return ("normal, 2 dimensions", 2, Normal);
        yield return ("normal, 3 dimensions", 3, Normal);
        yield return ("normal, 32 dimensions", 32, Normal);
        yield return ("normal, 200 dimensions", 200, Normal);
        yield return ("groups", 64, Groups(50, 0.3f));
        yield return ("tight groups of 10", 64, Groups(rows / 10, 0.001f));
        yield return ("half of the rows equal", 64, Repeated);
        yield return ("whole numbers with ties", 16, static (random, vector, _) =>
            Each(vector, i => random.Next(3)));
        yield return ("bits", 96, static (random, vector, _) =>
            Each(vector, i => random.Next(2)));
        yield return ("one-hot", 64, static (random, vector, _) =>
            vector[random.Next(vector.Length)] = 1);
        yield return ("sparse", 128, static (random, vector, _) =>
            Each(vector, i => random.Next(16) == 0 ? random.NextSingle() : 0));
        yield return ("rank 3 in 128 dimensions", 128, OfRank(3, 128));
        yield return ("a curve", 48, static (random, vector, _) =>
        {
            float at = 20 * random.NextSingle();
            Each(vector, i => MathF.Sin(at + i));
        });
        yield return ("variance falls with the dimension", 128, static (random, vector, _) =>
            Each(vector, i => (float)Normal(random) / (1 + (i / 4))));
        yield return ("heavy tails", 48, static (random, vector, _) =>
            Each(vector, i => (float)(Normal(random) / (0.001 + Math.Abs(Normal(random))))));
        yield return ("lengths log-normal", 64, static (random, vector, _) =>
            Scaled(random, vector, (float)Math.Exp(1.5 * Normal(random))));
        yield return ("equal lengths", 64, static (random, vector, _) =>
            Scaled(random, vector, 0));
        yield return ("one row far away", 64, (random, vector, row) =>
            Each(vector, i => row == 77 ? 1e6f : (float)Normal(random)));
        yield return ("offset of 100", 64, Shifted(100));
        yield return ("offset of 10,000", 64, Shifted(10_000));
        yield return ("84 of 96 dimensions constant", 96, static (random, vector, _) =>
            Each(vector, i => 500 + (10 * i) + (i < 12 ? (float)Normal(random) : 0)));
        yield return ("two sizes of numbers", 64, static (random, vector, row) =>
        {
            float size = row % 2 == 0 ? 1 : 1000;
            Each(vector, i => size * (float)Normal(random));
        });
    }

    private static IEnumerable<(string Name, int Dimension, Fill Fill)> HardShapes()
    {
        yield return ("a hundred vectors again and again", 48, Groups(100, 0));
        yield return ("whole numbers to 255", 32, static (random, vector, _) =>
            Each(vector, i => random.Next(256)));
        yield return ("nearly orthogonal", 256, static (random, vector, _) =>
        {
            Each(vector, i => 0.01f * (float)Normal(random));
            vector[random.Next(vector.Length)] += random.Next(2) == 0 ? 1 : -1;
        });
        yield return ("a rolled sheet", 128, Sheet(128));
        yield return ("a stream that moves", 64, static (random, vector, row) =>
            Each(vector, i => (float)Normal(random) + (row / 1000f)));
        yield return ("few elements of many", 512, static (random, vector, _) =>
        {
            for (int i = 0; i < 6; i++)
            {
                vector[(int)(vector.Length * Math.Pow(random.NextDouble(), 3))] +=
                    random.NextSingle();
            }
        });
    }

    private static IEnumerable<(string Name, int Dimension, Fill Fill)> OtherShapes()
    {
        yield return ("a ring", 2, static (random, vector, _) =>
        {
            double at = 2 * Math.PI * random.NextDouble();
            Each(vector, i => (float)(i == 0 ? Math.Cos(at) : Math.Sin(at)));
        });
        yield return ("near copies", 64, Groups(200, 1e-4f));
        yield return ("signs", 64, static (random, vector, _) =>
            Each(vector, _ => (2 * random.Next(2)) - 1));
        yield return ("rectified features", 128, static (random, vector, _) =>
        {
            var center = new Random(random.Next(100));
            Each(vector, _ => Math.Max(
                0, (float)(Normal(center) + (0.7 * Normal(random)) - 0.8)));
        });
    }

    /// <summary>Rows on a surface of two dimensions that is bent into many.</summary>
    private static Fill Sheet(int dimension)
    {
        var shared = new Random(21);
        float[] axes = new float[2 * dimension];
        Normal(shared, axes, 0);
        return (random, vector, _) =>
        {
            float x = 3 * random.NextSingle();
            float y = 3 * random.NextSingle();
            Each(vector, i => MathF.Sin((x * axes[i]) + (y * axes[dimension + i])));
        };
    }

    /// <summary>
    /// Rows of one cone, queries of another with other directions of variance: what is asked in
    /// words of pictures.
    /// </summary>
    private static RecallSet TextToImage(int rows, int queries)
    {
        const int Dimension = 96;
        var shared = new Random(11);
        float[] images = Drawn(shared, Dimension);
        float[] words = Drawn(shared, Dimension);
        Fill low = OfRank(24, Dimension);
        Fill Cone(float[] axis, int first) => (random, vector, row) =>
        {
            low(random, vector, row);
            for (int i = 0; i < Dimension; i++)
            {
                vector[i] = (1.2f * axis[i]) + (i >= first ? vector[i] : 0.2f * vector[i])
                    + (0.2f * (float)Normal(random));
            }

            Scaled(vector, 1);
        };
        VectorFile like = Draw(queries, Dimension, 2, rows, Cone(images, 0));
        VectorFile asked = Draw(queries, Dimension, 3, rows, Cone(words, Dimension / 2));
        var set = RecallSet.Of(
            "words and pictures", Draw(rows, Dimension, 1, 0, Cone(images, 0)), like);
        return set with { Queries = [.. set.Queries, ("words", asked)] };
    }

    /// <summary>So many vectors, numbered from the first on.</summary>
    public static VectorFile Draw(int count, int dimension, int seed, int first, Fill fill)
    {
        var random = new Random(seed);
        var vectors = new float[count * dimension];
        for (int row = 0; row < count; row++)
        {
            fill(random, vectors.AsSpan(row * dimension, dimension), first + row);
        }

        return new VectorFile(vectors, dimension);
    }

    private static void Normal(Random random, Span<float> vector, int row) =>
        Each(vector, _ => (float)Normal(random));

    private static Fill Shifted(float offset) => (random, vector, _) =>
        Each(vector, _ => offset + (float)Normal(random));

    private static Fill Groups(int count, float spread) => (random, vector, _) =>
    {
        var center = new Random(1000 + random.Next(count));
        Each(vector, _ => (float)(Normal(center) + (spread * Normal(random))));
    };

    private static void Repeated(Random random, Span<float> vector, int row) =>
        Normal(random.Next(2) == 0 ? new Random(1) : random, vector, row);

    /// <summary>Normal numbers in a space of few dimensions within one of many.</summary>
    private static Fill OfRank(int rank, int dimension)
    {
        var shared = new Random(9);
        float[][] axes = [.. Enumerable.Range(0, rank).Select(_ => Drawn(shared, dimension))];
        return (random, vector, _) =>
        {
            vector.Clear();
            foreach (float[] axis in axes)
            {
                float weight = (float)Normal(random);
                for (int i = 0; i < dimension; i++)
                {
                    vector[i] += weight * axis[i];
                }
            }
        };
    }

    private static float[] Drawn(Random random, int dimension)
    {
        var vector = new float[dimension];
        Normal(random, vector, 0);
        Scaled(vector, 1);
        return vector;
    }

    private static void Scaled(Random random, Span<float> vector, float length)
    {
        Normal(random, vector, 0);
        Scaled(vector, length == 0 ? 1 : length);
    }

    private static void Scaled(Span<float> vector, float length)
    {
        double sum = 0;
        foreach (float element in vector)
        {
            sum += (double)element * element;
        }

        float scale = (float)(length / Math.Sqrt(sum));
        foreach (ref float element in vector)
        {
            element *= scale;
        }
    }

    /// <summary>Sets each element by its number.</summary>
    public static void Each(Span<float> vector, Func<int, float> element)
    {
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = element(i);
        }
    }
}
