namespace NeuroDb.Query;

/// <summary>A reader of one file from its beginning to its end. Owns its input.</summary>
internal abstract class FileRowReader(CopyInput input) : CopyRowReader
{
    /// <summary>The file.</summary>
    public CopyInput Input { get; } = input;

    /// <inheritdoc/>
    public override long Consumed => Input.Consumed;

    /// <inheritdoc/>
    public override long Length => Input.Length;

    /// <inheritdoc/>
    public sealed override void Dispose() => Input.Dispose();

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
}
