using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The lists that rows were assigned to, and their codes there, until these are put into blocks.
/// Pieces are written by different threads.
/// </summary>
internal sealed class VectorAssignment
{
    /// <summary>Rows whose codes lie in one array.</summary>
    public const int PieceRows = 512;

    private readonly byte[][] _codes;

    // So many times as far from its centroid as most rows, one says nothing about the others.
    private const double FarRatio = 8;

    private readonly int _codeSizeBytes;

    /// <summary>Room for some rows, ascending, and so many lists.</summary>
    public VectorAssignment(int[] rows, int listCount, int codeSizeBytes)
    {
        Rows = rows;
        Lists = new int[rows.Length];
        SquaredDistances = new float[rows.Length];
        Factors = new ListFactors[rows.Length];
        Members = new int[listCount][];
        _codeSizeBytes = codeSizeBytes;
        _codes = new byte[(rows.Length + PieceRows - 1) / PieceRows][];
        for (int i = 0; i < _codes.Length; i++)
        {
            int count = Math.Min(PieceRows, rows.Length - (i * PieceRows));
            _codes[i] = new byte[count * codeSizeBytes];
        }
    }

    /// <summary>The rows.</summary>
    public int[] Rows { get; }

    /// <summary>The list of each.</summary>
    public int[] Lists { get; }

    /// <summary>Its squared distance from the centroid, about.</summary>
    public float[] SquaredDistances { get; }

    /// <summary>The factors of its code.</summary>
    public ListFactors[] Factors { get; }

    /// <summary>The places among the rows of those of each list, ascending.</summary>
    public int[][] Members { get; }

    /// <summary>
    /// The sum of the squared distances, where the few rows far from all others count no more than
    /// rows that are far do.
    /// </summary>
    public double SquaredSum
    {
        get
        {
            float[] ordered = [.. SquaredDistances.Order()];
            float usual = ordered.Length == 0 ? 0 : ordered[ordered.Length / 2];
            double most = usual > 0 ? FarRatio * FarRatio * usual : double.PositiveInfinity;
            return ordered.Sum(distance => Math.Min(distance, most));
        }
    }

    /// <summary>The code of the row at a place.</summary>
    public Span<byte> CodeOf(int place) => _codes[place / PieceRows].AsSpan(
        place % PieceRows * _codeSizeBytes, _codeSizeBytes);

    /// <summary>Sets the members, when all rows have a list.</summary>
    public void Divide()
    {
        var sizes = new int[Members.Length];
        foreach (int list in Lists)
        {
            sizes[list]++;
        }

        for (int i = 0; i < sizes.Length; i++)
        {
            Members[i] = new int[sizes[i]];
        }

        Array.Clear(sizes);
        for (int place = 0; place < Lists.Length; place++)
        {
            int list = Lists[place];
            Members[list][sizes[list]++] = place;
        }
    }

    /// <summary>The rows of a list.</summary>
    public int[] RowsOf(int list) => Array.ConvertAll(Members[list], place => Rows[place]);
}
