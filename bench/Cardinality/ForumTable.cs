using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// A table of a forum, as the STATS data set has them: whole numbers and moments, in microseconds,
/// null for NULL. The first column is the key.
/// </summary>
internal sealed class ForumTable(string name, string[] columns, List<long?[]> rows)
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>The names of the columns.</summary>
    public string[] Columns { get; } = columns;

    /// <summary>The rows.</summary>
    public List<long?[]> Rows { get; } = rows;

    /// <summary>The place of a column.</summary>
    public int IndexOf(string column) => Array.FindIndex(
        Columns, known => known.Equals(column, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a column holds moments.</summary>
    public static bool IsMoment(string column) =>
        column.EndsWith("Date", StringComparison.OrdinalIgnoreCase);

    /// <summary>CREATE TABLE.</summary>
    public string Definition => $"CREATE TABLE {Name} (" + string.Join(", ", Columns.Select(
        static (column, i) => column + (IsMoment(column) ? " TIMESTAMP" : " BIGINT")
            + (i == 0 ? " PRIMARY KEY" : ""))) + ")";

    /// <summary>The rows as INSERT statements of a thousand rows each.</summary>
    public IEnumerable<string> Inserts()
    {
        foreach (long?[][] some in Rows.Chunk(1000))
        {
            yield return $"INSERT INTO {Name} VALUES " + string.Join(", ", some.Select(
                row => "(" + string.Join(", ", row.Select(Literal)) + ")"));
        }
    }

    /// <summary>Reads a file of the data set.</summary>
    public static ForumTable Read(string path)
    {
        using var reader = new StreamReader(path);
        string[] columns = reader.ReadLine()!.Trim().Split(',');
        var rows = new List<long?[]>();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            string[] cells = line.Split(',');
            rows.Add([.. columns.Select((column, i) => Parse(column, cells[i]))]);
        }

        return new ForumTable(Path.GetFileNameWithoutExtension(path), columns, rows);
    }

    /// <summary>A moment as microseconds.</summary>
    public static long Microseconds(string text) => (DateTime.Parse(
        text, CultureInfo.InvariantCulture) - DateTime.UnixEpoch).Ticks / 10;

    /// <summary>A value as SQL.</summary>
    public string Literal(long? value, int column) => value is not { } number ? "NULL"
        : !IsMoment(Columns[column]) ? number.ToString(CultureInfo.InvariantCulture)
        : "'" + DateTime.UnixEpoch.AddTicks(10 * number).ToString(
            "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + "'::timestamp";

    private static long? Parse(string column, string cell) => cell.Length == 0 ? null
        : IsMoment(column) ? Microseconds(cell)
        : long.Parse(cell, CultureInfo.InvariantCulture);
}
