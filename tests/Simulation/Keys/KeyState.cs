using System.Collections.Immutable;

namespace NeuroDb.Tests.Simulation;

/// <summary>All tables of keys at one moment.</summary>
/// <param name="Tables">The tables by name.</param>
/// <param name="Made">So many were ever made.</param>
internal sealed record KeyState(ImmutableSortedDictionary<string, KeyTable> Tables, int Made)
{
    /// <summary>A database without tables.</summary>
    public static KeyState Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, KeyTable>(StringComparer.Ordinal), 0);

    /// <summary>A number that is as good as the content.</summary>
    public ulong Digest { get; } = Tables.Values.Aggregate(
        0UL, static (sum, table) => sum + table.Digest);

    /// <summary>The state with a table changed.</summary>
    public KeyState With(KeyTable table) =>
        new(Tables.SetItem(table.Name, table), Made);

    /// <summary>The state with one table more.</summary>
    public KeyState Make(KeyTable table) =>
        new(Tables.SetItem(table.Name, table), Made + 1);

    /// <summary>The state without a table.</summary>
    public KeyState Without(string table) => new(Tables.Remove(table), Made);
}
