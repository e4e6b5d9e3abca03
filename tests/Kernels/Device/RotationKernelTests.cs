using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device form of the random rotation.</summary>
public sealed class RotationKernelTests
{
    [Theory]
    [InlineData(100, 1)]
    [InlineData(130, 5)]
    public void It_agrees_with_the_processor(int dimension, int count)
    {
        var rotation = new RandomRotation(dimension, 5);
        int length = rotation.PaddedDimension;
        var vectors = new float[count * length];
        var expected = new float[count * length];
        for (int i = 0; i < count; i++)
        {
            float[] vector = VectorData.Floats(dimension, i);
            vector.CopyTo(vectors, i * length);
            rotation.Rotate(vector, expected.AsSpan(i * length, length));
        }

        float[] signs =
        [
            .. Enumerable.Range(0, RandomRotation.Rounds)
                .SelectMany(round => rotation.Signs(round).ToArray()),
        ];
        var shape = new RotationShape
        {
            RowCount = count,
            Length = length,
            WindowLength = rotation.WindowLength,
            Rounds = RandomRotation.Rounds,
        };
        using var device = new KernelDevice();
        ArrayView<float> rotated = device.Send(vectors);
        device.Launch(RotationKernel.Run, rotated, device.Send(signs), shape);
        Agreement.Of(expected, device.Fetch(rotated), 1e-5);
    }
}
