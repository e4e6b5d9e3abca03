using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Normalisations and updates of weights against their definitions.</summary>
public sealed class NormalizationTests
{
    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 5 }, { 3, 16 }, { 4, 33 }, { 300, 7 }, { 20, 64 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Rows_are_normalised_as_the_reference_says(int rows, int columns)
    {
        float[] x = VectorData.Floats(rows * columns, 1);
        float[] dy = VectorData.Floats(rows * columns, 2);
        float[] gain = VectorData.Floats(columns, 3);
        float[] bias = VectorData.Floats(columns, 4);
        var expected = new double[x.Length];
        var dx = new double[x.Length];
        var dGain = new double[columns];
        var dBias = new double[columns];
        for (int at = 0; at < x.Length; at += columns)
        {
            LayerNormalization.ForwardScalar(
                x.AsSpan(at, columns), gain, bias, expected.AsSpan(at, columns));
            LayerNormalization.BackwardScalar(
                x.AsSpan(at, columns),
                gain,
                dy.AsSpan(at, columns),
                dx.AsSpan(at, columns),
                dGain,
                dBias);
        }

        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var y = new float[x.Length];
            var moments = new float[2 * rows];
            LayerNormalization.Forward(x, gain, bias, y, moments, width);
            Agreement.Of(expected, y, 1e-5);
            var inputGradient = new float[x.Length];
            var gainGradient = new float[columns];
            var biasGradient = new float[columns];
            LayerNormalization.Backward(
                x, gain, dy, moments, inputGradient, gainGradient, biasGradient, width);
            Agreement.Of(dx, inputGradient, 3e-5);
            Agreement.Of(dGain, gainGradient, 3e-5);
            Agreement.Of(dBias, biasGradient, 3e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Columns_are_normalised_as_the_reference_says(int rows, int columns)
    {
        float[] x = [.. VectorData.Floats(rows * columns, 5).Select(number => number + 3)];
        float[] dy = VectorData.Floats(rows * columns, 6);
        float[] gain = VectorData.Floats(columns, 7);
        float[] bias = VectorData.Floats(columns, 8);
        var mean = new double[columns];
        var variance = new double[columns];
        var dx = new double[x.Length];
        var dGain = new double[columns];
        var dBias = new double[columns];
        BatchNormalization.MomentsScalar(x, mean, variance);
        BatchNormalization.BackwardScalar(x, gain, dy, dx, dGain, dBias);
        double[] expected = [.. x.Select((number, i) =>
            ((number - mean[i % columns])
                / Math.Sqrt(variance[i % columns] + BatchNormalization.Epsilon)
                * gain[i % columns]) + bias[i % columns])];
        double root = rows == 1 ? 300 : 1;
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var means = new float[columns];
            var variances = new float[columns];
            BatchNormalization.Moments(x, means, variances, width);
            Agreement.Of(mean, means, 1e-6);
            Agreement.Of(variance, variances, 1e-6);
            var y = new float[x.Length];
            BatchNormalization.Apply(x, means, variances, gain, bias, y, width);
            Agreement.Of(expected, y, 1e-5 * root);
            var inputGradient = new float[x.Length];
            var gainGradient = new float[columns];
            var biasGradient = new float[columns];
            BatchNormalization.Backward(
                x, means, variances, gain, dy, inputGradient, gainGradient, biasGradient, width);
            Agreement.Of(dx, inputGradient, 1e-4 * root);
            Agreement.Of(dGain, gainGradient, 1e-4);
            Agreement.Of(dBias, biasGradient, 1e-5);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void Updates_agree_with_the_reference_over_several_steps(int length)
    {
        foreach (UpdateRule rule in Enum.GetValues<UpdateRule>())
        {
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                CheckUpdates(rule, width, length);
            }
        }
    }

    private static void CheckUpdates(UpdateRule rule, VectorWidth width, int length)
    {
        float[] weights = VectorData.Floats(length, 9);
        double[] expected = [.. weights];
        var first = new float[length];
        var second = new float[length];
        var m = new double[length];
        var v = new double[length];
        for (int t = 1; t <= 5; t++)
        {
            float[] gradients = VectorData.Floats(length, 10 + t);
            UpdateStep step = StepOf(rule, t);
            for (int i = 0; i < length; i++)
            {
                expected[i] = WeightUpdate.ComputeScalar(
                    step, expected[i], gradients[i], ref m[i], ref v[i]);
            }

            WeightUpdate.Run(step, weights, gradients, first, second, width);
        }

        Agreement.Of(expected, weights, 1e-5);
    }

    /// <summary>The numbers of step t, counted from 1.</summary>
    internal static UpdateStep StepOf(UpdateRule rule, int t) => new()
    {
        Rule = rule,
        Rate = 0.01f,
        FirstDecay = 0.9f,
        SecondDecay = 0.99f,
        Epsilon = 1e-6f,
        WeightDecay = 0.1f,
        FirstCorrection = 1 - MathF.Pow(0.9f, t),
        SecondCorrection = MathF.Sqrt(1 - MathF.Pow(0.99f, t)),
    };
}
