using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// What rows consist of when they are compared: the words and pairs of words of their texts, and
/// every other value whole, each with its column.
/// </summary>
internal static class RowUnits
{
    /// <summary>Adds the units of each row of a batch, of some of its columns.</summary>
    public static void Add(RowBatch batch, IReadOnlyList<int> columns, List<ulong[]> rows)
    {
        ulong[][] hashes = [.. columns.Select(column => batch.Columns[column])
            .Select(static column => column is ColumnBuffer<string> ? [] : RowKeys.Of(column))];
        for (int row = 0; row < batch.Count; row++)
        {
            var units = new List<ulong>();
            for (int i = 0; i < columns.Count; i++)
            {
                ColumnBuffer column = batch.Columns[columns[i]];
                ulong place = Hash64.Mix((ulong)columns[i]);
                if (column.IsNull(row))
                {
                    continue;
                }

                if (column is ColumnBuffer<string> texts)
                {
                    units.AddRange(NearDuplicates.UnitsOf(texts.ValueAt(row))
                        .Select(unit => Hash64.Combine(place, unit)));
                }
                else
                {
                    units.Add(Hash64.Combine(place, hashes[i][row]));
                }
            }

            rows.Add([.. units]);
        }
    }
}
