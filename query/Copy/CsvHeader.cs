namespace NeuroDb.Query;

/// <summary>Decides which column each field of a CSV file goes to.</summary>
internal static class CsvHeader
{
    /// <summary>The column of each field; null for a field that is left out.</summary>
    /// <param name="header">The names of the first line; null without one.</param>
    /// <param name="options">How to use them.</param>
    /// <param name="columns">The columns that the statement gives, in order.</param>
    /// <param name="file">The name of the file, for messages.</param>
    /// <param name="notices">Where doubts about the order are told.</param>
    public static FieldColumn?[] Assign(
        string[]? header,
        CopyOptions options,
        IReadOnlyList<ColumnSchema> columns,
        string file,
        NoticeList notices)
    {
        if (header is null)
        {
            return [.. columns.Select(FieldColumn.Create)];
        }

        if (options.Header == CopyHeader.ByName)
        {
            return AssignByName(header, options, columns, file);
        }

        string[] names = [.. columns.Select(column => column.Name)];
        bool isEqual = header.SequenceEqual(names, StringComparer.OrdinalIgnoreCase);
        if (!isEqual && options.Header == CopyHeader.Match)
        {
            throw new NeuroStoreException(
                ErrorCode.MalformedFile,
                $"{file}: the header is {string.Join(", ", header)}, but the columns are "
                + $"{string.Join(", ", names)}. Name the columns in that order, or write HEADER "
                + "by_name.");
        }

        if (!isEqual && header.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(names))
        {
            notices.Add(
                $"The header of {file} has the names of the columns in another order, and fields "
                + "went to columns by their place. HEADER by_name goes by the names.");
        }

        return [.. columns.Select(FieldColumn.Create)];
    }

    private static FieldColumn?[] AssignByName(
        string[] header,
        CopyOptions options,
        IReadOnlyList<ColumnSchema> columns,
        string file)
    {
        Dictionary<string, ColumnSchema> known = new(StringComparer.OrdinalIgnoreCase);
        foreach (ColumnSchema column in columns)
        {
            known.Add(column.Name, column);
        }

        var fields = new FieldColumn?[header.Length];
        for (int i = 0; i < fields.Length; i++)
        {
            if (known.Remove(header[i], out ColumnSchema? column))
            {
                fields[i] = FieldColumn.Create(column);
            }
            else if (!options.IgnoresUnknown)
            {
                throw new NeuroStoreException(
                    ErrorCode.UnknownColumn,
                    $"{file}: no column, or no further one, is named {header[i]}."
                    + NearMatch.Hint(header[i], known.Keys)
                    + " UNKNOWN_COLUMNS ignore leaves such fields out.");
            }
        }

        if (!fields.Any(field => field is not null))
        {
            throw new NeuroStoreException(
                ErrorCode.MalformedFile, $"{file}: no name of the header is that of a column.");
        }

        return fields;
    }
}
