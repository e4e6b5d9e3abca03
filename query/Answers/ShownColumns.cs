using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// The columns of a table that statements see, in their order. A column's place never changes, so
/// one whose values were made anew lies behind the others; its old place says where.
/// </summary>
internal static class ShownColumns
{
    private const char DroppedMark = '\u0001';
    private const char Arrow = '>';

    /// <summary>The ordinals of the columns.</summary>
    public static IReadOnlyList<int> Of(TableSchema schema)
    {
        var shown = new List<int>(schema.Columns.Count);
        if (!schema.Columns.Any(static column => column.IsUnseen))
        {
            shown.AddRange(Enumerable.Range(0, schema.Columns.Count));
            return shown;
        }

        var moved = new HashSet<int>();
        for (int i = 0; i < schema.Columns.Count; i++)
        {
            int place = PlaceOf(schema, i);
            if (!schema.Columns[place].IsUnseen && (place == i || moved.Add(place))
                && (place != i || !moved.Contains(i)))
            {
                shown.Add(place);
            }
        }

        return shown;
    }

    /// <summary>The name of a place whose column is gone.</summary>
    public static string NameOfDropped(int ordinal) => string.Create(
        CultureInfo.InvariantCulture, $"{DroppedMark}{ordinal}");

    /// <summary>The name of a place whose column lies at another one now.</summary>
    public static string NameOfMoved(int ordinal, int place) => string.Create(
        CultureInfo.InvariantCulture, $"{DroppedMark}{ordinal}{Arrow}{place}");

    // A place never points at one before it.
    private static int PlaceOf(TableSchema schema, int ordinal)
    {
        while (schema.Columns[ordinal] is { IsHidden: true } column
            && column.Name.IndexOf(Arrow, StringComparison.Ordinal) is int arrow and > 0
            && column.Name[0] == DroppedMark
            && int.TryParse(
                column.Name.AsSpan(arrow + 1), CultureInfo.InvariantCulture, out int place)
            && place > ordinal && place < schema.Columns.Count)
        {
            ordinal = place;
        }

        return ordinal;
    }
}
