namespace NeuroDb.Gpu;

/// <summary>
/// One tile of a matrix product: six rows of a result, each the sum over k of a number of A times
/// a stretch of B. A row of A is wherever its pointer says, so that the same loop serves matrices,
/// transposed matrices and the pixels of an image.
/// </summary>
/// <remarks>
/// The sum runs over <see cref="Segments"/> stretches of <see cref="Depth"/> steps; after each
/// step A and B move on by their step, after each stretch by their jump. Rows that do not exist
/// repeat another row of A and point into scratch memory with their result.
/// </remarks>
internal unsafe struct TileJob
{
    /// <summary>Rows of a tile.</summary>
    public const int RowCount = 6;

    /// <summary>The rows of A.</summary>
    public float* A0, A1, A2, A3, A4, A5;

    /// <summary>The rows of the result.</summary>
    public float* C0, C1, C2, C3, C4, C5;

    /// <summary>The first stretch of B.</summary>
    public float* B;

    /// <summary>Floats from one step to the next in A and in B.</summary>
    public nint StepA, StepB;

    /// <summary>Floats from the end of one segment to the next in A and in B.</summary>
    public nint JumpA, JumpB;

    /// <summary>Steps of a segment.</summary>
    public int Depth;

    /// <summary>Segments of the sum.</summary>
    public int Segments;

    /// <summary>What is added to every row, or null.</summary>
    public float* Bias;

    /// <summary>Whether the sums are added to what the result holds.</summary>
    public bool IsAdded;

    /// <summary>Whether negative results become zero.</summary>
    public bool IsRectified;

    /// <summary>Points the six rows of the result, those past a count at scratch memory.</summary>
    public void SetResult(float* first, nint stride, int count, float* scratch)
    {
        C0 = first;
        C1 = count > 1 ? first + stride : scratch;
        C2 = count > 2 ? first + (2 * stride) : scratch;
        C3 = count > 3 ? first + (3 * stride) : scratch;
        C4 = count > 4 ? first + (4 * stride) : scratch;
        C5 = count > 5 ? first + (5 * stride) : scratch;
    }

    /// <summary>
    /// Points the six rows of the result at a tile beside it, into which sums go as they are.
    /// </summary>
    public void SetBeside(float* tile, nint width)
    {
        IsAdded = false;
        IsRectified = false;
        Bias = null;
        SetResult(tile, width, RowCount, tile);
    }

    /// <summary>Points the six rows of A; those past a count repeat the first.</summary>
    public void SetRows(float* first, nint stride, int count)
    {
        A0 = first;
        A1 = count > 1 ? first + stride : first;
        A2 = count > 2 ? first + (2 * stride) : first;
        A3 = count > 3 ? first + (3 * stride) : first;
        A4 = count > 4 ? first + (4 * stride) : first;
        A5 = count > 5 ? first + (5 * stride) : first;
    }

    /// <summary>Points the six rows of A.</summary>
    public void SetRows(float** rows)
    {
        A0 = rows[0];
        A1 = rows[1];
        A2 = rows[2];
        A3 = rows[3];
        A4 = rows[4];
        A5 = rows[5];
    }
}
