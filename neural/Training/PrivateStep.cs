using System.Security.Cryptography;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// A step of differentially private gradient descent (Abadi et al., CCS 2016, algorithm 1): the
/// gradient of each example is shortened to a norm, and Gaussian noise is added to the sum. The
/// noise is of the system's generator of secrets, since who knows it could take it off again; so
/// such a training does not repeat itself.
/// </summary>
internal sealed class PrivateStep : ITrainingStep
{
    private readonly Network _network;
    private readonly Loss _loss;
    private readonly IWorkers _workers;
    private readonly int _firstTrained;
    private readonly double _norm;
    private readonly double _noise;
    private readonly int _batchSize;
    private readonly NetworkRun[] _runs;
    private readonly Memory<float>[] _own;
    private readonly Memory<float>[] _sums;
    private readonly double[] _losses;

    /// <summary>A step of a network.</summary>
    /// <param name="network">The network; its layers learn by gradients alone.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="options">The norm, the batch and the threads.</param>
    /// <param name="noise">The deviation of the noise, in norms.</param>
    /// <param name="workers">The threads.</param>
    public PrivateStep(
        Network network,
        Loss loss,
        TrainingOptions options,
        double noise,
        IWorkers workers)
    {
        if (network.Nodes.Any(static node => node.Layer.Parameters.Any(static it =>
            it.Role is ParameterRole.RunningMean or ParameterRole.RunningVariance)))
        {
            throw NeuralErrors.InvalidModel(
                "batch_norm mixes the rows of a batch, which dp_epsilon cannot bound; use "
                + "layer_norm.");
        }

        _network = network;
        _loss = loss;
        _workers = workers;
        _firstTrained = options.FirstTrainedLayer;
        _norm = options.PrivateNorm;
        _noise = noise;
        _batchSize = options.BatchSize;
        int pieces = Math.Clamp(options.Threads, 1, options.BatchSize);
        _runs = new NetworkRun[pieces];
        _own = new Memory<float>[pieces];
        _sums = new Memory<float>[pieces];
        _losses = new double[pieces];
        for (int i = 0; i < pieces; i++)
        {
            _runs[i] = new NetworkRun(network, 1, isTraining: true);
            _own[i] = AlignedMemory.Allocate<float>(network.ParameterLength);
            _sums[i] = AlignedMemory.Allocate<float>(network.ParameterLength);
        }
    }

    /// <inheritdoc/>
    public Memory<float> Gradients => _sums[0];

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
        _workers.ForEach(_runs.Length, piece =>
            RunPiece(piece, features, targets, rowWeights, count, weights, seed));
        for (int piece = 1; piece < _sums.Length; piece++)
        {
            VectorArithmetic.Add(_sums[piece].Span, _sums[0].Span);
        }

        AddNoise(_sums[0].Span);

        // A batch that is not full is divided by the size of a full one: how many rows there are is
        // not told by the size of the steps.
        VectorArithmetic.Scale(_sums[0].Span, 1f / _batchSize);
        return _losses.Sum();
    }

    private void RunPiece(
        int piece,
        ReadOnlyMemory<float> features,
        ReadOnlyMemory<float> targets,
        ReadOnlyMemory<float> rowWeights,
        int count,
        ReadOnlyMemory<float> weights,
        ulong seed)
    {
        int inputs = _network.Input.Length;
        int outputs = _network.Output.Length;
        int targetWidth = _loss.TargetWidth(outputs);
        NetworkRun run = _runs[piece];
        Span<float> own = _own[piece].Span;
        Span<float> sum = _sums[piece].Span;
        sum.Clear();
        _losses[piece] = 0;
        for (int row = piece; row < count; row += _runs.Length)
        {
            ulong rowSeed = Hash64.Combine(seed, (ulong)row);
            ReadOnlySpan<float> output = run.Forward(
                features.Slice(row * inputs, inputs), 1, weights.Span, isTraining: true, rowSeed);
            _losses[piece] += _loss.Compute(
                output,
                targets.Span.Slice(row * targetWidth, targetWidth),
                rowWeights.IsEmpty ? default : rowWeights.Span.Slice(row, 1),
                outputs,
                1,
                run.OutputGradient);
            own.Clear();
            run.Backward(weights.Span, own, rowSeed, _firstTrained);
            double norm = Math.Sqrt(VectorArithmetic.SquaredNorm(own));
            if (!double.IsFinite(norm))
            {
                continue;
            }

            if (norm > _norm)
            {
                VectorArithmetic.Scale(own, (float)(_norm / norm));
            }

            VectorArithmetic.Add(own, sum);
        }
    }

    /// <summary>Two normal numbers from two uniform ones (Box and Muller, 1958).</summary>
    private void AddNoise(Span<float> sum)
    {
        const int PairBytes = 16;
        const double Unit = 1.0 / (1UL << 53);
        byte[] secret = new byte[PairBytes * ((sum.Length + 1) / 2)];
        RandomNumberGenerator.Fill(secret);
        double scale = _noise * _norm;
        for (int i = 0; i < sum.Length; i += 2)
        {
            ulong first = BitConverter.ToUInt64(secret, i / 2 * PairBytes);
            ulong second = BitConverter.ToUInt64(secret, (i / 2 * PairBytes) + 8);
            double size = Math.Sqrt(-2 * Math.Log(((first >> 11) + 1) * Unit));
            (double sin, double cos) = Math.SinCos(2 * Math.PI * (second >> 11) * Unit);
            sum[i] += (float)(scale * size * cos);
            if (i + 1 < sum.Length)
            {
                sum[i + 1] += (float)(scale * size * sin);
            }
        }
    }
}
