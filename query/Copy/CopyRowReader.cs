namespace NeuroDb.Query;

/// <summary>
/// Reads the rows of one file, batch after batch, as columns of the table that they go to. Owns
/// its input.
/// </summary>
internal abstract class CopyRowReader(CopyInput input) : IDisposable
{
    /// <summary>The bytes of the file that one batch is made of, at most about.</summary>
    protected const long BatchSizeBytesMax = 8 * 1024 * 1024;

    /// <summary>The file.</summary>
    public CopyInput Input { get; } = input;

    /// <summary>The next rows, perhaps none; null at the end of the file.</summary>
    public abstract CopiedRows? Next();

    /// <summary>Opens a file in the format that the options name.</summary>
    public static CopyRowReader Open(
        CopyInput input,
        CopyOptions options,
        IReadOnlyList<ColumnSchema> columns,
        CopyRejects rejects,
        NoticeList notices) => options.Format switch
        {
            CopyFormat.Csv => new CsvRowReader(input, options, columns, rejects, notices),
            CopyFormat.Json => new JsonRowReader(input, options, columns, rejects),
            _ => new VectorRowReader(input, options, columns, rejects),
        };

    /// <inheritdoc/>
    public void Dispose() => Input.Dispose();

    /// <summary>Steps over a byte order mark; UTF-16 is an error.</summary>
    protected static void SkipMark(CopyInput input)
    {
        input.Need(3);
        if (input.Available.StartsWith("\uFEFF"u8))
        {
            input.Start += 3;
        }
        else if (input.Available is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
        {
            throw Malformed($"{input.Name} is UTF-16; COPY reads UTF-8.");
        }
    }

    /// <summary>The error for a file that does not follow its format.</summary>
    protected static NeuroStoreException Malformed(string message) =>
        new(ErrorCode.MalformedFile, message);
}
