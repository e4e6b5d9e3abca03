using System.Numerics;

namespace NeuroDb.Gpu;

/// <summary>
/// A random rotation of vectors in O(d log d): four rounds of random signs, a Walsh-Hadamard
/// transform over the largest power of two that fits (at the beginning and at the end of the vector
/// in turn), and a step of Kac's walk that mixes the two halves.
/// </summary>
/// <remarks>
/// Shapes: vector (dimension) to rotated (PaddedDimension), the next multiple of 64; zeros are
/// appended. The rotation is orthogonal: lengths, products and distances are kept. It is fixed by
/// the dimension and the seed on every machine. A NaN spreads over the result. Sources: Ailon and
/// Chazelle, The Fast Johnson-Lindenstrauss Transform, SIAM J. Comput. 39 (2009), section 3; Jain,
/// Pillai and Smith, Kac meets Johnson and Lindenstrauss, arXiv 2003.10069, section 2. Immutable.
/// </remarks>
internal sealed class RandomRotation
{
    /// <summary>Rounds of signs, transform and mixing.</summary>
    public const int Rounds = 4;

    /// <summary>The padded dimension is a multiple of this.</summary>
    public const int Multiple = 64;

    private readonly float[][] _signs = new float[Rounds][];

    /// <summary>Draws the rotation of a seed.</summary>
    public RandomRotation(int dimension, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
        Seed = seed;
        PaddedDimension = (dimension + Multiple - 1) / Multiple * Multiple;
        WindowLength = 1 << BitOperations.Log2((uint)PaddedDimension);
        var random = new SeededRandomSource(seed);
        float scale = (float)(1 / Math.Sqrt(WindowLength));
        for (int round = 0; round < Rounds; round++)
        {
            _signs[round] = Draw(random, WindowStart(round), scale);
        }
    }

    /// <summary>The dimension of vectors.</summary>
    public int Dimension { get; }

    /// <summary>The seed it was drawn from.</summary>
    public ulong Seed { get; }

    /// <summary>The dimension of rotated vectors, a multiple of <see cref="Multiple"/>.</summary>
    public int PaddedDimension { get; }

    /// <summary>How many elements a transform spans, a power of two.</summary>
    public int WindowLength { get; }

    /// <summary>Where the transform of a round begins.</summary>
    public int WindowStart(int round) => round % 2 == 0 ? 0 : PaddedDimension - WindowLength;

    /// <summary>
    /// The signs of a round; inside the window they carry the scale of the transform.
    /// </summary>
    public ReadOnlySpan<float> Signs(int round) => _signs[round];

    /// <summary>Rotates a vector.</summary>
    public void Rotate(ReadOnlySpan<float> vector, Span<float> rotated) =>
        Rotate(vector, rotated, VectorWidths.Widest);

    /// <summary>Rotates a vector with a given register width.</summary>
    public void Rotate(ReadOnlySpan<float> vector, Span<float> rotated, VectorWidth width)
    {
        CheckLengths(vector.Length, rotated.Length);
        vector.CopyTo(rotated);
        rotated[Dimension..].Clear();
        var action = new RotationAction(this, rotated, isInverse: false);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>
    /// Turns a rotated vector, which is overwritten, back into the vector.
    /// </summary>
    public void Unrotate(Span<float> rotated, Span<float> vector)
    {
        CheckLengths(vector.Length, rotated.Length);
        var action = new RotationAction(this, rotated, isInverse: true);
        FloatDispatch.Run(VectorWidths.Widest, ref action);
        rotated[..Dimension].CopyTo(vector);
    }

    private void CheckLengths(int vector, int rotated)
    {
        if (vector != Dimension || rotated != PaddedDimension)
        {
            throw new ArgumentException(
                $"The rotation maps {Dimension} to {PaddedDimension} dimensions; the spans hold "
                + $"{vector} and {rotated}.");
        }
    }

    private float[] Draw(SeededRandomSource random, int start, float scale)
    {
        var signs = new float[PaddedDimension];
        ulong bits = 0;
        for (int i = 0; i < signs.Length; i++)
        {
            bits = i % 64 == 0 ? random.NextUInt64() : bits >> 1;
            float size = i >= start && i < start + WindowLength ? scale : 1;
            signs[i] = (bits & 1) == 0 ? size : -size;
        }

        return signs;
    }
}
