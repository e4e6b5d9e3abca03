namespace NeuroDb.Tests.Simulation;

/// <summary>Small choices out of a repeatable source.</summary>
internal static class Choice
{
    /// <summary>A number of 0 ... bound - 1.</summary>
    public static int Below(this SeededRandomSource random, int bound) =>
        (int)(random.NextUInt64() % (ulong)bound);

    /// <summary>True once in so many times.</summary>
    public static bool OneIn(this SeededRandomSource random, int times) =>
        random.Below(times) == 0;

    /// <summary>One of several.</summary>
    public static T Of<T>(this SeededRandomSource random, IReadOnlyList<T> items) =>
        items[random.Below(items.Count)];
}
