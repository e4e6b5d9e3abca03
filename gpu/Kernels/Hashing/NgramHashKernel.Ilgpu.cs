using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>A <see cref="NgramHash"/>, device form: a thread takes a start.</summary>
/// <remarks>Shapes: units (length); hashes (longest - shortest + 1, length).</remarks>
internal static class NgramHashKernel
{
    /// <summary>Fills hashes; explicitly grouped.</summary>
    public static void Compute(
        ArrayView<ushort> units, ArrayView<ulong> hashes, NgramHashShape shape)
    {
        for (long start = DeviceGrid.First; start < shape.Length; start += DeviceGrid.Step)
        {
            ulong state = FeatureHash.Start;
            for (int n = 1; n <= shape.Longest && start + n <= shape.Length; n++)
            {
                state = FeatureHash.Append(state, units[start + n - 1]);
                if (n >= shape.Shortest)
                {
                    hashes[((n - shape.Shortest) * shape.Length) + start] =
                        FeatureHash.Finish(state, FeatureHash.GramKind);
                }
            }
        }
    }
}
