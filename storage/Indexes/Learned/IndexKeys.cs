namespace NeuroDb.Storage;

/// <summary>The columns of an index as codes, and the order of its rows.</summary>
internal sealed class IndexKeys
{
    private readonly IndexColumnCoder[] _coders;
    private readonly ColumnSchema[] _columns;
    private readonly ColumnStore?[] _initial;

    /// <summary>Makes the coders of an index of a table.</summary>
    public IndexKeys(IndexSchema index, TableSchema table)
    {
        Invariant.Check(index.Kind == IndexKind.Learned);
        _coders = [.. index.Columns.Select(
            column => new IndexColumnCoder(column, table.Columns[column.Ordinal].Type))];
        Ordinals = index.Ordinals;
        _columns = [.. Ordinals.Select(ordinal => table.Columns[ordinal])];
        _initial = new ColumnStore?[_columns.Length];
        DefinitionCrc = CrcOf(index, _columns);
    }

    /// <summary>How many columns.</summary>
    public int Count => _coders.Length;

    /// <summary>The ordinals of the columns in the table.</summary>
    public int[] Ordinals { get; }

    /// <summary>The checksum of what the codes depend on: columns, types and order.</summary>
    public uint DefinitionCrc { get; }

    /// <summary>The coder of a column.</summary>
    public IndexColumnCoder this[int column] => _coders[column];

    /// <summary>
    /// A column of a chunk of a part, or what it holds in rows from before it was added.
    /// </summary>
    public ColumnStore StoreOf(RowPart part, int chunk, int ordinal) =>
        ordinal < part.ColumnCountOf(chunk) ? part.StoreOf(chunk, ordinal) : Initial(ordinal);

    /// <summary>What a column of the index holds in rows from before it was added.</summary>
    public ColumnStore Initial(int ordinal)
    {
        int column = Array.IndexOf(Ordinals, ordinal);
        ColumnStore? store = Volatile.Read(ref _initial[column]);
        if (store is null)
        {
            store = ColumnStore.Initial(_columns[column], Limits.ChunkRowCount);
            Volatile.Write(ref _initial[column], store);
        }

        return store;
    }

    /// <summary>The codes of a row; false if one is NULL.</summary>
    public bool TryEncode(ColumnStore[] columns, int row, Span<ulong> codes)
    {
        bool isWhole = true;
        for (int i = 0; i < _coders.Length; i++)
        {
            codes[i] = _coders[i].Encode(columns[_coders[i].Ordinal], row);
            isWhole &= codes[i] != _coders[i].NullCode;
        }

        return isWhole;
    }

    /// <summary>
    /// How many columns lead up to the first one whose code does not tell its value, that one
    /// included; 0 if all codes do.
    /// </summary>
    public int DoubtfulCount(FlatArray<ulong>[] codes, int entry)
    {
        for (int i = 0; i < _coders.Length; i++)
        {
            if (!_coders[i].IsExact(codes[i][entry]))
            {
                return i + 1;
            }
        }

        return 0;
    }

    /// <summary>
    /// Compares two entries in the order of the index: column by column their codes, and where
    /// those are equal and do not tell the value, the values.
    /// </summary>
    public int Compare(in IndexEntryPlace left, in IndexEntryPlace right)
    {
        for (int i = 0; i < _coders.Length; i++)
        {
            ulong code = left.Codes[i][left.Entry];
            int compared = code.CompareTo(right.Codes[i][right.Entry]);
            if (compared == 0 && !_coders[i].IsExact(code))
            {
                int column = _coders[i].Ordinal;
                compared = _coders[i].Compare(
                    left.Column(column), left.Row, right.Column(column), right.Row);
            }

            if (compared != 0)
            {
                return compared;
            }
        }

        return 0;
    }

    private static uint CrcOf(IndexSchema index, ColumnSchema[] columns)
    {
        var words = new int[4 * columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            IndexColumn column = index.Columns[i];
            words[4 * i] = column.Ordinal;
            words[(4 * i) + 1] = (column.IsDescending ? 1 : 0) | (column.NullsFirst ? 2 : 0);
            words[(4 * i) + 2] = (int)columns[i].Type.Kind;
            words[(4 * i) + 3] = columns[i].Type.Scale;
        }

        return Crc32C.Compute(
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(words.AsSpan()));
    }
}
