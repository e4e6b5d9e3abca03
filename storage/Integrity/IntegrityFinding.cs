using System.Globalization;

namespace NeuroDb.Storage;

/// <summary>One thing that is not as it was written, or contradicts another.</summary>
/// <param name="FilePath">The file; empty where rows in memory disagree.</param>
/// <param name="Offset">Where in the file it was seen, in bytes; -1 where no byte is meant.</param>
/// <param name="Table">The table that it belongs to; empty where none is.</param>
/// <param name="What">What is wrong.</param>
internal sealed record IntegrityFinding(string FilePath, long Offset, string Table, string What)
{
    /// <summary>The finding as one line.</summary>
    public override string ToString()
    {
        string place = Offset < 0
            ? FilePath
            : string.Create(CultureInfo.InvariantCulture, $"{FilePath} at byte {Offset}");
        string table = Table.Length == 0 ? string.Empty : $"table {Table}: ";
        return place.Length == 0 ? $"{table}{What}" : $"{place}: {table}{What}";
    }
}
