namespace NeuroDb.Neural;

/// <summary>
/// Rows as they come from a query, column by column. Which of the arrays a column uses follows from
/// its <see cref="FeatureColumn.Kind"/>.
/// </summary>
internal sealed class RawRows
{
    /// <summary>Room for rows of columns.</summary>
    public RawRows(IReadOnlyList<FeatureColumn> columns, int countMax)
    {
        Columns = columns;
        CountMax = countMax;
        Numbers = [.. columns.Select(it => it.Kind == ColumnKind.Number
            ? new double[countMax] : [])];
        Texts = [.. columns.Select(it => it.Kind == ColumnKind.Text
            ? new string?[countMax] : [])];
        Vectors = [.. columns.Select(it => it.Kind == ColumnKind.Vector
            ? new ReadOnlyMemory<float>[countMax] : [])];
        Images = [.. columns.Select(it => it.Kind is ColumnKind.Image or ColumnKind.Audio
            ? new byte[]?[countMax] : [])];
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>The most rows.</summary>
    public int CountMax { get; }

    /// <summary>How many rows there are.</summary>
    public int Count { get; set; }

    /// <summary>
    /// The class of each row while transforms learn, -1 for none; empty where there are no classes.
    /// </summary>
    public int[] Classes { get; set; } = [];

    /// <summary>
    /// The number to be predicted of each row while transforms learn, NaN for none; empty where
    /// there is none.
    /// </summary>
    public double[] Targets { get; set; } = [];

    /// <summary>Whether the rows train, so that no transform may show them their target.</summary>
    public bool IsTraining { get; set; }

    /// <summary>The numbers of each column of numbers.</summary>
    public double[][] Numbers { get; }

    /// <summary>The texts of each column of texts.</summary>
    public string?[][] Texts { get; }

    /// <summary>The vectors of each column of vectors.</summary>
    public ReadOnlyMemory<float>[][] Vectors { get; }

    /// <summary>The encoded bytes of each column of images or sound.</summary>
    public byte[]?[][] Images { get; }
}
