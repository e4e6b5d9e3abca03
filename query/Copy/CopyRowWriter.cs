namespace NeuroDb.Query;

/// <summary>Writes rows to one file, batch after batch.</summary>
internal abstract class CopyRowWriter(CopyOutput output)
{
    /// <summary>The file.</summary>
    protected CopyOutput Output { get; } = output;

    /// <summary>Writes rows.</summary>
    public abstract void Write(RowBatch rows);

    /// <summary>Writes what can only be known at the end.</summary>
    public virtual void Complete()
    {
    }

    /// <summary>The writer for the format that the options name.</summary>
    public static CopyRowWriter Create(
        CopyOutput output, CopyOptions options, IReadOnlyList<OutputColumn> columns) =>
        options.Format switch
        {
            CopyFormat.Csv => new CsvRowWriter(output, options, columns),
            CopyFormat.Json => new JsonRowWriter(output, columns),
            CopyFormat.Fvecs => new VectorRowWriter(output, columns, isNpy: false),
            CopyFormat.Npy => new VectorRowWriter(output, columns, isNpy: true),
            _ => throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"COPY TO writes csv, tsv, json, npy and fvecs, not {options.Format}."),
        };

    /// <summary>Gives bytes to the file.</summary>
    protected void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Output.GetSpan(bytes.Length));
        Output.Advance(bytes.Length);
    }

    /// <summary>Gives one byte to the file.</summary>
    protected void Put(byte value)
    {
        Output.GetSpan(1)[0] = value;
        Output.Advance(1);
    }
}
