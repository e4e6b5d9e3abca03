namespace NeuroDb.Neural;

/// <summary>
/// How much each feature moves one prediction of a network away from that of a base row: the slopes
/// along the straight way from the base to the row, added up (Sundararajan, Taly and Yan,
/// "Axiomatic Attribution for Deep Networks", ICML 2017, equation 1).
/// </summary>
/// <remarks>
/// share_i = (x_i - b_i) times the mean of dF/dx_i at b + (k - 1/2) / n (x - b), k from 1 to n, F
/// the output as it is shown. The shares add up to F(x) - F(b) but for the error of the sum.
/// </remarks>
internal static class IntegratedGradients
{
    private const int StepsPerPiece = 32;

    /// <summary>The network of a model, if slopes of its features can be taken.</summary>
    public static NetworkModel? NetworkOf(Model model) =>
        model is QuantizedNetworkModel quantized ? quantized.Restored : model as NetworkModel;

    /// <summary>The share of each feature.</summary>
    /// <param name="model">The network.</param>
    /// <param name="row">The features.</param>
    /// <param name="origin">The features of the base.</param>
    /// <param name="output">Which output is explained.</param>
    /// <param name="steps">How many slopes are added up.</param>
    public static double[] Explain(
        NetworkModel model,
        ReadOnlySpan<float> row,
        ReadOnlySpan<float> origin,
        int output,
        int steps)
    {
        (Network network, ReadOnlyMemory<float> weights) = model.Inference;
        int width = network.Input.Length;
        Invariant.Check(row.Length == width && origin.Length == width && steps > 0);
        var run = new NetworkRun(
            network, StepsPerPiece, isTraining: true, needsInputGradient: true);
        Memory<float> way = Gpu.AlignedMemory.Allocate<float>(StepsPerPiece * width);
        var unused = new float[network.ParameterLength];
        var sums = new double[width];
        for (int at = 0; at < steps; at += StepsPerPiece)
        {
            int count = Math.Min(StepsPerPiece, steps - at);
            for (int step = 0; step < count; step++)
            {
                float share = (float)((at + step + 0.5) / steps);
                for (int i = 0; i < width; i++)
                {
                    way.Span[(step * width) + i] = origin[i] + (share * (row[i] - origin[i]));
                }
            }

            float[] shown = run.Forward(way[..(count * width)], count, weights.Span).ToArray();
            Loss.Create(model.Loss).ToPredictions(shown, network.Output.Length);
            FillSlopes(model.Loss, shown, network.Output.Length, output, run.OutputGradient);
            run.Backward(weights.Span, unused);
            for (int i = 0; i < count * width; i++)
            {
                sums[i % width] += run.InputGradient[i];
            }
        }

        for (int i = 0; i < width; i++)
        {
            sums[i] *= (row[i] - origin[i]) / (double)steps;
        }

        return sums;
    }

    // The slopes of what is shown by what the network gives before its softmax or sigmoid.
    private static void FillSlopes(
        LossKind loss, float[] shown, int width, int output, Span<float> slopes)
    {
        for (int at = 0; at < shown.Length; at += width)
        {
            float own = shown[at + output];
            for (int i = 0; i < width; i++)
            {
                slopes[at + i] = loss switch
                {
                    LossKind.CrossEntropy =>
                        i == output ? own * (1 - own) : -own * shown[at + i],
                    LossKind.BinaryCrossEntropy => i == output ? own * (1 - own) : 0,
                    _ => i == output ? 1 : 0,
                };
            }
        }
    }
}
