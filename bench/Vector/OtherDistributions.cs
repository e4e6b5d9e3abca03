using static NeuroDb.Bench.VectorDistributions;

namespace NeuroDb.Bench;

/// <summary>
/// Sets and kinds of queries that nothing was tuned on: what a promise of recall is worth where
/// nobody looked before.
/// </summary>
internal static class OtherDistributions
{
    /// <summary>All sets of so many rows and queries, each drawn when it is asked for.</summary>
    public static IEnumerable<(string Name, Func<RecallSet> Draw)> All(int rows, int queries)
    {
        foreach ((string name, int dimension, Fill fill) in Continuous().Concat(Discrete()))
        {
            yield return (name, () => RecallSet.OfOtherKinds(
                name,
                Draw(rows, dimension, 31, 0, fill),
                Draw(queries, dimension, 32, rows, fill)));
        }
    }

    private static IEnumerable<(string Name, int Dimension, Fill Fill)> Continuous()
    {
        yield return ("a shell", 48, static (random, vector, _) =>
            Along(random, vector, 10 + (0.1 * Normal(random))));
        yield return ("nearly collinear", 96, static (random, vector, _) =>
        {
            double at = 10 * random.NextDouble();
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] = (float)((at * Math.Cos(i)) + (0.01 * Normal(random)));
            }
        });
        yield return ("nine of ten in one group", 64, static (random, vector, _) =>
        {
            double spread = random.Next(10) > 0 ? 0.2 : 3;
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] = (float)((i % 3) + (spread * Normal(random)));
            }
        });
        yield return ("lengths of a power law", 80, static (random, vector, _) =>
            Along(random, vector, Math.Pow(1 - random.NextDouble(), -0.7)));
        yield return ("a random walk", 32, static (random, vector, _) =>
        {
            double at = 0;
            for (int i = 0; i < vector.Length; i++)
            {
                at += Normal(random);
                vector[i] = (float)at;
            }
        });
        yield return ("groups of groups", 72, static (random, vector, _) =>
        {
            int outer = random.Next(12);
            var first = new Random(500 + outer);
            var second = new Random(900 + (outer * 40) + random.Next(40));
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] = (float)((3 * Normal(first)) + Normal(second) + (0.3 * Normal(random)));
            }
        });
        yield return ("smooth patches", 144, static (random, vector, _) =>
        {
            double x = Normal(random);
            double y = Normal(random);
            double size = 0.2 + random.NextDouble();
            for (int i = 0; i < vector.Length; i++)
            {
                double wave = Math.Sin((x * (i % 12)) + (y * (i / 12)));
                vector[i] = (float)((size * wave) + (0.05 * Normal(random)));
            }
        });
    }

    private static IEnumerable<(string Name, int Dimension, Fill Fill)> Discrete()
    {
        yield return ("half sparse, half dense", 64, static (random, vector, _) =>
        {
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] = i < vector.Length / 2
                    ? (float)Normal(random)
                    : random.Next(12) == 0 ? 4 * random.NextSingle() : 0;
            }
        });
        yield return ("signed bytes", 100, static (random, vector, _) =>
        {
            var group = new Random(random.Next(30));
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] = (float)Math.Clamp(
                    Math.Round((40 * Normal(group)) + (25 * Normal(random))), -128, 127);
            }
        });
        yield return ("few bits set", 128, static (random, vector, _) =>
        {
            for (int i = 0; i < 9; i++)
            {
                vector[random.Next(vector.Length)] = 1;
            }
        });
        yield return ("words of texts", 300, static (random, vector, _) =>
        {
            int words = 4 + random.Next(40);
            for (int i = 0; i < words; i++)
            {
                int word = (int)Math.Pow(vector.Length, random.NextDouble()) - 1;
                vector[word] = MathF.Log(2 + MathF.Exp(vector[word]));
            }
        });
        yield return ("copies, some of them many", 40, static (random, vector, _) =>
        {
            int copy = (int)Math.Pow(5_000, random.NextDouble());
            Along(new Random(copy), vector, 1 + (copy % 7));
        });
    }

    /// <summary>A direction at random, of some length.</summary>
    public static void Along(Random random, Span<float> vector, double length)
    {
        double sum = 0;
        foreach (ref float element in vector)
        {
            element = (float)Normal(random);
            sum += element * element;
        }

        foreach (ref float element in vector)
        {
            element = (float)(element * length / Math.Sqrt(sum));
        }
    }
}
