namespace NeuroDb.Bench;

/// <summary>
/// Sorted keys that are as hard for lines as the published sets of the SOSD benchmark (Kipf et al.,
/// SOSD: A benchmark for learned indexes, 2019): what is matched is how many lines a million keys
/// need at each error bound. Seeded; real files of that benchmark are read instead by
/// <see cref="KeyFile"/>.
/// </summary>
internal static class KeyGenerator
{
    private const int BlockKeyCount = 1500;
    private const int OutlierCount = 21;
    private const int BurstKeyCount = 30_000;

    /// <summary>Makes keys, ascending.</summary>
    public static ulong[] Make(KeyDistribution distribution, int count, int seed = 1)
    {
        var random = new DrawSource(seed);
        ulong[] keys = distribution switch
        {
            KeyDistribution.Sequential => Sequential(count),
            KeyDistribution.Uniform => Draws(count, () => random.Next()),
            KeyDistribution.Books => Books(count, random),
            KeyDistribution.Osm => Cascade(count, random),
            KeyDistribution.Facebook => Blocks(count, random),
            KeyDistribution.Wiki => Wiki(count, random),
            _ => Draws(count, () => (ulong)(Math.Exp(2 * random.Normal()) * 1e13)),
        };
        Array.Sort(keys);
        if (distribution != KeyDistribution.Wiki)
        {
            Separate(keys);
        }

        return keys;
    }

    private static ulong[] Sequential(int count)
    {
        var keys = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = 1_000_000 + (ulong)i;
        }

        return keys;
    }

    private static ulong[] Draws(int count, Func<ulong> draw)
    {
        var keys = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = draw();
        }

        return keys;
    }

    private static ulong[] Books(int count, DrawSource random)
    {
        var keys = new ulong[count];
        double at = 0;
        double drift = 0;
        for (int i = 0; i < count; i++)
        {
            drift += 6e-4 * random.Normal();
            at += random.Gamma(0.22) * Math.Exp(drift) * 1e9;
            keys[i] = (ulong)at;
        }

        return keys;
    }

    private static ulong[] Cascade(int count, DrawSource random)
    {
        var keys = new ulong[count];
        Split(keys, 0, 1UL << 62, 3, random);
        return keys;
    }

    private static ulong[] Blocks(int count, DrawSource random)
    {
        var keys = new ulong[count];
        int blocks = Math.Max(1, (count - OutlierCount) / BlockKeyCount);
        ulong width = (1UL << 38) / (ulong)blocks;
        int start = 0;
        for (int block = 0; block < blocks; block++)
        {
            int end = (int)((long)(count - OutlierCount) * (block + 1) / blocks);
            Split(
                keys.AsSpan(start, end - start), (ulong)block * width,
                ((ulong)block + 1) * width, 1.15, random);
            start = end;
        }

        for (int i = start; i < count; i++)
        {
            keys[i] = (1UL << 63) + (random.Next() >> 8);
        }

        return keys;
    }

    // Halves an interval, gives each half a share of the keys, and goes on.
    private static void Split(
        Span<ulong> keys, ulong low, ulong high, double shape, DrawSource random)
    {
        while (keys.Length > 0)
        {
            if (keys.Length == 1 || high - low <= 2)
            {
                foreach (ref ulong key in keys)
                {
                    key = low + (random.Next() % Math.Max(1, high - low));
                }

                return;
            }

            ulong middle = low + ((high - low) / 2);
            double exact = keys.Length * random.Beta(shape);
            int left = Math.Min(keys.Length, (int)(exact + random.Unit()));
            Split(keys[..left], low, middle, shape, random);
            keys = keys[left..];
            low = middle;
        }
    }

    private static ulong[] Wiki(int count, DrawSource random)
    {
        var keys = new ulong[count];
        double at = 1e9;
        double burst = 1;
        for (int i = 0; i < count; i++)
        {
            if (i % BurstKeyCount == 0)
            {
                burst = Math.Exp(0.45 * random.Normal());
            }

            double day = 1 + (0.45 * Math.Sin(at * (2 * Math.PI / 86_400)));
            double week = 1 + (0.15 * Math.Sin(at * (2 * Math.PI / 604_800)));
            at += -Math.Log(1 - random.Unit()) * 1.4 / (day * week * burst);
            keys[i] = (ulong)at;
        }

        return keys;
    }

    private static void Separate(ulong[] keys)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            keys[i] = Math.Max(keys[i], keys[i - 1] + 1);
        }
    }
}
