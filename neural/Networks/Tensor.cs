namespace NeuroDb.Neural;

/// <summary>
/// Numbers with a name and a shape, as models store their weights. The memory is aligned to cache
/// lines when <see cref="Create"/> makes it, and may be a part of a larger piece.
/// </summary>
/// <param name="Name">Unique within a model, as in "3.dense.weights".</param>
/// <param name="Shape">The size of each axis; the last one is contiguous.</param>
/// <param name="Data">The numbers in row order.</param>
internal sealed record Tensor(string Name, IReadOnlyList<int> Shape, Memory<float> Data)
{
    /// <summary>A tensor of zeros.</summary>
    public static Tensor Create(string name, params int[] shape) =>
        new(name, shape, Gpu.AlignedMemory.Allocate<float>(LengthOf(shape)));

    /// <summary>The number of numbers of a shape.</summary>
    public static int LengthOf(IReadOnlyList<int> shape)
    {
        int length = 1;
        foreach (int size in shape)
        {
            length = checked(length * size);
        }

        return length;
    }
}
