namespace NeuroDb.Tests.Kernels;

/// <summary>Sorted keys that are easy, hard and hostile for lines.</summary>
internal static class SearchKeys
{
    /// <summary>The names of the sets.</summary>
    public static string[] Names { get; } =
    [
        "empty", "one", "few", "dense", "uniform", "exponential", "staircase", "outlier", "equal",
        "runs", "extremes", "clusters", "quadratic", "jumps",
    ];

    /// <summary>The keys of a set, ascending.</summary>
    public static ulong[] Make(string name)
    {
        var random = new Random(5);
        const int Count = 20_000;
        ulong[] keys = name switch
        {
            "empty" => [],
            "one" => [7],
            "few" => Fill(100, _ => (ulong)random.NextInt64()),
            "dense" => Fill(Count, static i => 1000 + (ulong)i),
            "uniform" => Fill(Count, _ => (ulong)random.NextInt64() * 2),
            "exponential" => Fill(Count, static i => (ulong)Math.Pow(2, i * 63.0 / Count)),
            "staircase" => Fill(Count, static i => ((ulong)(i / 100) << 40) + (ulong)(i % 100)),
            "outlier" => Fill(Count, i => i == 0 ? ulong.MaxValue - 5 : (ulong)random.Next()),
            "equal" => Fill(Count, static _ => 42),
            "runs" => Fill(Count, i => (ulong)random.Next(50) * 1_000_003),
            "extremes" => Fill(Count, static i => (i % 3) switch
            {
                0 => (ulong)i / 3,
                1 => ulong.MaxValue - ((ulong)i / 6),
                _ => ulong.MaxValue / 2,
            }),
            "clusters" => Fill(
                Count, i => ((ulong)random.Next(300) << 50) + (ulong)random.Next(1 << 20)),
            "jumps" => Jumps(6 * Count, random),
            _ => Fill(Count, static i => (ulong)i * (ulong)i),
        };
        Array.Sort(keys);
        return keys;
    }

    /// <summary>Keys that are there, beside those, in between, and at the ends.</summary>
    public static ulong[] Queries(ulong[] keys)
    {
        var random = new Random(6);
        var queries = new List<ulong> { 0, 1, ulong.MaxValue, ulong.MaxValue - 1, 1UL << 63 };
        for (int i = 0; i < 3000; i++)
        {
            ulong key = keys.Length == 0 ? (ulong)i : keys[random.Next(keys.Length)];
            queries.Add(key);
            queries.Add(unchecked(key + 1));
            queries.Add(unchecked(key - 1));
            queries.Add((ulong)random.NextInt64());
        }

        return [.. queries];
    }

    // Forty neighbours, then a jump of a length that no line foresees: a line that is right about
    // two such steps is wrong by up to twenty places, and one for each step is one too many.
    private static ulong[] Jumps(int count, Random random)
    {
        ulong key = 0;
        return Fill(count, i => key += i % 40 == 0 ? 1UL << random.Next(14, 42) : 1);
    }

    private static ulong[] Fill(int count, Func<int, ulong> key)
    {
        var keys = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = key(i);
        }

        return keys;
    }
}
