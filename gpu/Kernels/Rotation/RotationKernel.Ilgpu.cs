using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// A <see cref="RandomRotation"/> of many vectors in place, device form: a group takes a vector,
/// its threads share the butterflies, and a barrier stands between the steps.
/// </summary>
/// <remarks>
/// Shapes: vectors (rows, Length), padded with zeros; signs (rounds, Length), inside the window
/// with the scale of the transform.
/// </remarks>
internal static class RotationKernel
{
    private const float RootOfHalf = 0.70710678118654752f;

    /// <summary>The entry point; explicitly grouped.</summary>
    public static void Run(ArrayView<float> vectors, ArrayView<float> signs, RotationShape shape)
    {
        for (int row = Grid.IdxX; row < shape.RowCount; row += Grid.DimX)
        {
            long start = (long)row * shape.Length;
            for (int round = 0; round < shape.Rounds; round++)
            {
                for (int i = Group.IdxX; i < shape.Length; i += Group.DimX)
                {
                    vectors[start + i] *= signs[(round * shape.Length) + i];
                }

                Group.Barrier();
                long window = start + (round % 2 == 0 ? 0 : shape.Length - shape.WindowLength);
                for (int stride = 1; stride < shape.WindowLength; stride *= 2)
                {
                    Step(vectors, window, shape.WindowLength / 2, stride, 1);
                    Group.Barrier();
                }

                if (shape.WindowLength < shape.Length)
                {
                    Step(vectors, start, shape.Length / 2, shape.Length / 2, RootOfHalf);
                    Group.Barrier();
                }
            }
        }
    }

    /// <summary>Scaled sums and differences of all pairs that stand so far apart.</summary>
    private static void Step(
        ArrayView<float> vectors, long start, int pairs, int stride, float scale)
    {
        for (int i = Group.IdxX; i < pairs; i += Group.DimX)
        {
            long place = start + (i / stride * 2 * stride) + (i % stride);
            float a = vectors[place];
            float b = vectors[place + stride];
            vectors[place] = (a + b) * scale;
            vectors[place + stride] = (a - b) * scale;
        }
    }
}
