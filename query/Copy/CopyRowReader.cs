namespace NeuroDb.Query;

/// <summary>
/// Reads the rows of one source, a file or a folder, batch after batch, as columns of the table
/// that they go to.
/// </summary>
internal abstract class CopyRowReader : IDisposable
{
    /// <summary>The bytes of the source that one batch is made of, at most about.</summary>
    protected const long BatchSizeBytesMax = 8 * 1024 * 1024;

    /// <summary>How much was read, in bytes or files.</summary>
    public abstract long Consumed { get; }

    /// <summary>How much there is, in the unit of <see cref="Consumed"/>.</summary>
    public abstract long Length { get; }

    /// <summary>The next rows, perhaps none; null at the end.</summary>
    public abstract CopiedRows? Next();

    /// <summary>Opens a path in the format that the options name.</summary>
    public static CopyRowReader Open(
        string path,
        CopyOptions options,
        IReadOnlyList<ColumnSchema> columns,
        CopyRejects rejects,
        ExecutionContext context)
    {
        CopyFiles? files = context.Files;
        Invariant.Check(files is not null);
        if (options.Format is CopyFormat.ImageFolder or CopyFormat.AudioFolder
            or CopyFormat.TextFolder)
        {
            return new FolderReader(
                files, path, options.Format, columns, rejects, context);
        }

        if (options.Format == CopyFormat.Idx)
        {
            return new IdxReader(files, path, options, columns);
        }

        var input = new CopyInput(
            files.OpenForReading(path),
            context,
            mayBePacked: options.Format is CopyFormat.Csv or CopyFormat.Json);
        try
        {
            return options.Format switch
            {
                CopyFormat.Csv => new CsvRowReader(
                    input, options, columns, rejects, context.Notices),
                CopyFormat.Json => new JsonRowReader(input, options, columns, rejects),
                _ => new VectorRowReader(input, options, columns, rejects),
            };
        }
        catch (NeuroStoreException)
        {
            input.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The error for a file that does not follow its format.</summary>
    protected static NeuroStoreException Malformed(string message) =>
        new(ErrorCode.MalformedFile, message);
}
