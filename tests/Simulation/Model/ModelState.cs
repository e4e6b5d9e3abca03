using System.Collections.Immutable;

namespace NeuroDb.Tests.Simulation;

/// <summary>All tables of the model at one moment.</summary>
internal sealed record ModelState(ImmutableSortedDictionary<string, ModelTable> Tables)
{
    /// <summary>A database without tables.</summary>
    public static ModelState Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, ModelTable>(StringComparer.Ordinal));

    /// <summary>A number that is as good as the content.</summary>
    public ulong Digest { get; } = Tables.Values.Aggregate(
        0UL, static (sum, table) => sum + table.Digest);

    /// <summary>The state with a table made or changed.</summary>
    public ModelState With(ModelTable table) => new(Tables.SetItem(table.Name, table));

    /// <summary>The state without a table.</summary>
    public ModelState Without(string table) => new(Tables.Remove(table));

    /// <summary>What differs in another state, for people; a few lines.</summary>
    public string Difference(ModelState found)
    {
        var lines = new List<string>();
        foreach (string name in Tables.Keys.Union(found.Tables.Keys, StringComparer.Ordinal))
        {
            ModelTable? mine = Tables.GetValueOrDefault(name);
            ModelTable? other = found.Tables.GetValueOrDefault(name);
            if (mine is null || other is null)
            {
                lines.Add($"table {name} {(other is null ? "is missing" : "should not exist")}");
                continue;
            }

            foreach (long id in mine.Rows.Keys.Union(other.Rows.Keys))
            {
                ModelRow? expected = mine.Rows.GetValueOrDefault(id);
                ModelRow? actual = other.Rows.GetValueOrDefault(id);
                if (expected?.Digest != actual?.Digest)
                {
                    lines.Add($"{name}: expected {expected?.ToString() ?? "nothing"}, found "
                        + (actual?.ToString() ?? "nothing"));
                }
            }
        }

        const int LinesMax = 12;
        int more = lines.Count - LinesMax;
        return string.Join("\n    ", lines.Take(LinesMax))
            + (more > 0 ? $"\n    and {more} more" : string.Empty);
    }
}
