namespace NeuroDb.Gpu;

/// <summary>
/// The rows of A that a panel of B meets. Where many panels come by, the block is copied first:
/// rows that lie a power of two apart would push each other out of the cache.
/// </summary>
internal unsafe struct RowBlockOfA(float* first, nint rowStep, nint step)
{
    private const int LineFloats = 16;

    /// <summary>The first number.</summary>
    public float* First = first;

    /// <summary>Floats from one row to the next.</summary>
    public nint RowStep = rowStep;

    /// <summary>Floats from one term to the next.</summary>
    public nint Step = step;

    /// <summary>Copies the block without transposing it; one of the steps is 1.</summary>
    public void Pack(int rows, int depth, float* target)
    {
        bool isPlain = Step == 1;
        int lines = isPlain ? rows : depth;
        int length = isPlain ? depth : rows;
        nint from = isPlain ? RowStep : Step;
        nint to = ((length + LineFloats - 1) / LineFloats * LineFloats) + LineFloats;
        for (int i = 0; i < lines; i++)
        {
            new ReadOnlySpan<float>(First + (i * from), length).CopyTo(
                new Span<float>(target + (i * to), length));
        }

        First = target;
        RowStep = isPlain ? to : 1;
        Step = isPlain ? 1 : to;
    }
}
