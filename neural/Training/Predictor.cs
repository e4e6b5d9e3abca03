namespace NeuroDb.Neural;

/// <summary>
/// Runs a network over any number of examples, a piece that stays in the cache at a time. Not for
/// several threads at once: each makes its own.
/// </summary>
internal sealed class Predictor
{
    private const int SparseFeaturesMin = 4096;
    private const int SparseShare = 16;

    private readonly Network _network;
    private readonly ReadOnlyMemory<float> _weights;
    private readonly Loss _loss;
    private readonly StagedRun _run;
    private readonly bool _isWideLine;

    /// <summary>A predictor with weights, whose outputs are shown as the loss says.</summary>
    public Predictor(Network network, ReadOnlyMemory<float> weights, Loss loss)
    {
        _network = network;
        _weights = weights;
        _loss = loss;
        _isWideLine = network.Input.IsFlat && network.Input.Length >= SparseFeaturesMin
            && network.Nodes is [{ Layer: DenseLayer { IsRectified: false }, Offset: 0 }];
        _run = new StagedRun(network);
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

        int sparse = _isWideLine ? RunSparse(features.Span, count, outputs) : 0;
        for (int at = sparse; at < count; at += _run.CountMax)
        {
            int rows = Math.Min(_run.CountMax, count - at);
            _run.Forward(features.Slice(at * inputs, rows * inputs), rows, _weights.Span)
                .CopyTo(outputs[(at * width)..]);
        }
    }

    /// <summary>
    /// One wide dense layer over rows that are mostly zeros, y = b + sum of x_i W_i; gives how many
    /// rows were before the first that is not.
    /// </summary>
    private int RunSparse(ReadOnlySpan<float> features, int count, Span<float> outputs)
    {
        int inputs = _network.Input.Length;
        int width = _network.Output.Length;
        ReadOnlySpan<float> weights = _weights.Span;
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> x = features.Slice(row * inputs, inputs);
            Span<float> y = outputs.Slice(row * width, width);
            weights.Slice(inputs * width, width).CopyTo(y);
            int left = inputs / SparseShare;
            for (int at = x.IndexOfAnyExcept(0f); at >= 0;)
            {
                if (left-- == 0)
                {
                    return row;
                }

                ReadOnlySpan<float> own = weights.Slice(at * width, width);
                for (int output = 0; output < width; output++)
                {
                    y[output] += x[at] * own[output];
                }

                int next = x[(at + 1)..].IndexOfAnyExcept(0f);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }

        return count;
    }
}
