namespace NeuroDb.Neural;

/// <summary>
/// Examples that lie in memory, in an order that is shuffled anew for each pass if there is a seed.
/// </summary>
/// <param name="features">All features, (examples, feature count).</param>
/// <param name="targets">All targets, (examples, target count).</param>
/// <param name="count">The number of examples.</param>
/// <param name="seed">What the order depends on, or null for the order of the arrays.</param>
internal sealed class ArrayExamples(
    ReadOnlyMemory<float> features, ReadOnlyMemory<float> targets, int count, ulong? seed)
    : IExampleSource
{
    /// <inheritdoc/>
    public int FeatureCount => count == 0 ? 0 : features.Length / count;

    /// <inheritdoc/>
    public int TargetCount => count == 0 ? 0 : targets.Length / count;

    /// <inheritdoc/>
    public long Count => count;

    /// <inheritdoc/>
    public IExampleReader Open(int pass)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        if (seed != null)
        {
            Shuffle(order, Hash64.Combine(seed.Value, (ulong)pass));
        }

        return new ArrayReader(features, targets, order, FeatureCount, TargetCount);
    }

    /// <summary>Fisher and Yates's shuffle.</summary>
    public static void Shuffle(Span<int> order, ulong seed)
    {
        var random = new SeededRandomSource(seed);
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = (int)Math.BigMul(random.NextUInt64(), (ulong)(i + 1), out _);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
