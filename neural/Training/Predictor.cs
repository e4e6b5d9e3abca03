namespace NeuroDb.Neural;

/// <summary>
/// Runs a network over any number of examples, a piece that stays in the cache at a time. Not for
/// several threads at once: each makes its own.
/// </summary>
internal sealed class Predictor
{
    private const int PieceFloats = 16 * 1024;
    private const int PieceRowsMin = 16;
    private const int PieceRowsMax = 512;

    private readonly Network _network;
    private readonly ReadOnlyMemory<float> _weights;
    private readonly Loss _loss;
    private readonly NetworkRun _run;

    /// <summary>A predictor with weights, whose outputs are shown as the loss says.</summary>
    public Predictor(Network network, ReadOnlyMemory<float> weights, Loss loss)
    {
        _network = network;
        _weights = weights;
        _loss = loss;
        int widest = Math.Max(
            network.Input.Length, network.Nodes.Max(node => node.Layer.Output.Length));
        int rows = Math.Clamp(PieceFloats / widest, PieceRowsMin, PieceRowsMax);
        _run = new NetworkRun(network, rows, isTraining: false);
    }

    /// <summary>Fills outputs (count, output) from features (count, input).</summary>
    public void Run(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        RunRaw(features, count, outputs);
        _loss.ToPredictions(outputs[..(count * _network.Output.Length)], _network.Output.Length);
    }

    /// <summary>The outputs before a softmax or sigmoid.</summary>
    public void RunRaw(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        int inputs = _network.Input.Length;
        int width = _network.Output.Length;
        if (features.Length < count * inputs || outputs.Length < count * width)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"The network takes {inputs} numbers and gives {width} for each of {count} rows.");
        }

        for (int at = 0; at < count; at += _run.CountMax)
        {
            int rows = Math.Min(_run.CountMax, count - at);
            _run.Forward(features.Slice(at * inputs, rows * inputs), rows, _weights.Span)
                .CopyTo(outputs[(at * width)..]);
        }
    }
}
