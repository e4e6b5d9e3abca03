using static NeuroDb.Bench.OtherDistributions;
using static NeuroDb.Bench.VectorDistributions;

namespace NeuroDb.Bench;

/// <summary>
/// Sets and kinds of queries beside <see cref="OtherDistributions"/>, drawn up after everything was
/// tuned: series that overlap, groups of all sizes, counts, lattices, shells, near copies.
/// </summary>
internal static class FurtherDistributions
{
    /// <summary>All sets of so many rows and queries, each drawn when it is asked for.</summary>
    public static IEnumerable<(string Name, Func<RecallSet> Draw)> Sets(int rows, int queries)
    {
        foreach ((string name, int dimension, Fill fill) in Curved().Concat(Grouped())
            .Concat(Whole()))
        {
            yield return (name, () => RecallSet.OfFurtherKinds(
                name,
                Draw(rows, dimension, 41, 0, fill),
                Draw(queries, dimension, 42, rows, fill)));
        }
    }

    private static IEnumerable<(string Name, int Dimension, Fill Fill)> Curved()
    {
        yield return ("windows of a series", 64, static (random, vector, row) =>
        {
            double phase = (row * 0.37) + random.NextDouble();
            for (int i = 0; i < vector.Length; i++)
            {
                double at = phase + (0.1 * i);
                vector[i] = (float)(Math.Sin(at) + (0.5 * Math.Sin(at * Math.Sqrt(2)))
                    + (0.1 * Normal(random)));
            }
        });
        yield return ("a rolled sheet with noise", 64, static (random, vector, _) =>
        {
            double at = 1.5 * Math.PI * (1 + (2 * random.NextDouble()));
            Span<double> place = [at * Math.Cos(at), 21 * random.NextDouble(), at * Math.Sin(at)];
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] = (float)((i < 3 ? place[i] : 0) + (0.2 * Normal(random)));
            }
        });
        yield return ("two shells, one in the other", 40, static (random, vector, _) =>
            Along(random, vector, random.Next(2) == 0 ? 1 : 1.05));
        yield return ("uniform in a cube", 10, static (random, vector, _) =>
            Each(vector, _ => random.NextSingle()));
        yield return ("a cone with a spectrum", 200, static (random, vector, _) =>
        {
            Each(vector, i => (float)((i % 5 == 0 ? 2 : 0.5) + (Normal(random) * 6 / (1 + i))));
            float[] drawn = vector.ToArray();
            double length = Math.Sqrt(drawn.Sum(static element => (double)element * element));
            Each(vector, i => (float)(drawn[i] / length));
        });
    }

    private static IEnumerable<(string Name, int Dimension, Fill Fill)> Grouped()
    {
        yield return ("groups of sizes that halve", 56, static (random, vector, _) =>
        {
            int group = random.Next(20);
            var center = new Random(3000 + group);
            double spread = Math.Pow(0.5, group);
            Each(vector, _ => (float)(Normal(center) + (spread * Normal(random))));
        });
        yield return ("planes of different dimensions", 90, static (random, vector, _) =>
        {
            int rank = 1 + random.Next(8);
            for (int axis = 0; axis < rank; axis++)
            {
                var direction = new Random(7000 + (rank * 10) + axis);
                double weight = 2 * Normal(random);
                for (int i = 0; i < vector.Length; i++)
                {
                    vector[i] += (float)(weight * Normal(direction));
                }
            }
        });
        yield return ("groups with heavy tails", 60, static (random, vector, _) =>
        {
            var center = new Random(800 + random.Next(60));
            double chi = (Math.Pow(Normal(random), 2) + Math.Pow(Normal(random), 2)
                + Math.Pow(Normal(random), 2)) / 3;
            Each(vector, _ => (float)((2 * Normal(center)) + (Normal(random) / Math.Sqrt(chi))));
        });
        yield return ("a core and one of a hundred far out", 50, static (random, vector, _) =>
        {
            double spread = random.Next(100) == 0 ? 100 : 1;
            Each(vector, _ => (float)(spread * Normal(random)));
        });
        yield return ("near copies, some of them many", 70, static (random, vector, _) =>
        {
            var copied = new Random((int)Math.Pow(3_000, random.NextDouble()));
            Each(vector, _ => (float)(Normal(copied) + (0.002 * Normal(random))));
        });
    }

    private static IEnumerable<(string Name, int Dimension, Fill Fill)> Whole()
    {
        yield return ("counts", 120, static (random, vector, _) =>
        {
            double rate = 0.1 + (3 * random.NextDouble());
            Each(vector, i => Count(random, rate * (1 + (i % 4)) / 4));
        });
        yield return ("corners with noise", 48, static (random, vector, _) =>
            Each(vector, i => (float)((i < 16 ? random.Next(2) : 0) + (0.05 * Normal(random)))));
        yield return ("few signs of many", 256, static (random, vector, _) =>
        {
            for (int i = 0; i < 5; i++)
            {
                vector[random.Next(vector.Length)] = (2 * random.Next(2)) - 1;
            }
        });
        yield return ("a lattice", 6, static (random, vector, _) =>
            Each(vector, _ => random.Next(5)));
    }

    /// <summary>A number of events of a rate (Knuth, 1969).</summary>
    private static float Count(Random random, double rate)
    {
        int count = 0;
        for (double left = random.NextDouble(); left > Math.Exp(-rate); count++)
        {
            left *= random.NextDouble();
        }

        return count;
    }
}
