using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The loss of a batch and its gradient. The batch is cut into as many pieces as there are
/// threads; their gradients are added in the order of the pieces, so the bits depend on the number
/// of threads and on nothing else.
/// </summary>
internal sealed class GradientStep : ITrainingStep
{
    private readonly Network _network;
    private readonly Loss _loss;
    private readonly IWorkers _workers;
    private readonly int _firstTrained;
    private readonly NetworkRun[] _runs;
    private readonly Memory<float>[] _gradients;
    private readonly double[] _losses;
    private readonly int _pieceRows;

    /// <summary>Memory for batches of up to so many examples.</summary>
    public GradientStep(
        Network network,
        Loss loss,
        int batchSize,
        int threads,
        IWorkers workers,
        int firstTrained = 0)
    {
        _network = network;
        _loss = loss;
        _workers = workers;
        _firstTrained = firstTrained;
        int pieces = Math.Clamp(threads, 1, batchSize);
        _pieceRows = (batchSize + pieces - 1) / pieces;
        _runs = new NetworkRun[pieces];
        _gradients = new Memory<float>[pieces];
        _losses = new double[pieces];
        for (int i = 0; i < pieces; i++)
        {
            _runs[i] = new NetworkRun(network, _pieceRows, isTraining: true);
            _gradients[i] = AlignedMemory.Allocate<float>(network.ParameterLength);
        }
    }

    /// <inheritdoc/>
    public Memory<float> Gradients => _gradients[0];

    /// <inheritdoc/>
    public double Run(
        ReadOnlyMemory<float> features,
        ReadOnlyMemory<float> targets,
        ReadOnlyMemory<float> rowWeights,
        int count,
        double divisor,
        ReadOnlyMemory<float> weights,
        ulong seed)
    {
        int pieces = (count + _pieceRows - 1) / _pieceRows;
        if (pieces == 1)
        {
            RunPiece(0, features, targets, rowWeights, count, divisor, weights, seed);
            return _losses[0];
        }

        _workers.ForEach(pieces, piece => RunPiece(
            piece, features, targets, rowWeights, count, divisor, weights, seed));
        double loss = _losses[0];
        for (int piece = 1; piece < pieces; piece++)
        {
            VectorArithmetic.Add(_gradients[piece].Span, _gradients[0].Span);
            loss += _losses[piece];
        }

        return loss;
    }

    private void RunPiece(
        int piece,
        ReadOnlyMemory<float> features,
        ReadOnlyMemory<float> targets,
        ReadOnlyMemory<float> rowWeights,
        int count,
        double divisor,
        ReadOnlyMemory<float> weights,
        ulong seed)
    {
        int start = piece * _pieceRows;
        int rows = Math.Min(_pieceRows, count - start);
        int inputs = _network.Input.Length;
        int outputs = _network.Output.Length;
        int targetWidth = _loss.TargetWidth(outputs);
        NetworkRun run = _runs[piece];
        ulong pieceSeed = Hash64.Combine(seed, (ulong)piece);
        ReadOnlySpan<float> output = run.Forward(
            features.Slice(start * inputs, rows * inputs),
            rows,
            weights.Span,
            isTraining: true,
            pieceSeed);
        _losses[piece] = _loss.Compute(
            output,
            targets.Span.Slice(start * targetWidth, rows * targetWidth),
            rowWeights.IsEmpty ? default : rowWeights.Span.Slice(start, rows),
            outputs,
            (float)divisor,
            run.OutputGradient);
        Span<float> gradients = _gradients[piece].Span;
        gradients.Clear();
        run.Backward(weights.Span, gradients, pieceSeed, _firstTrained);
        if (rows != count)
        {
            WeighRunning(gradients, (float)rows / count);
        }
    }

    /// <summary>A piece has its share in what the batch shows for running means.</summary>
    private void WeighRunning(Span<float> gradients, float share)
    {
        foreach (NetworkNode node in _network.Nodes)
        {
            int offset = node.Offset;
            foreach (ParameterSpec parameter in node.Layer.Parameters)
            {
                if (parameter.Role is ParameterRole.RunningMean or ParameterRole.RunningVariance)
                {
                    VectorArithmetic.Scale(gradients.Slice(offset, parameter.Length), share);
                }

                offset += parameter.Length;
            }
        }
    }
}
