using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Finds the one minimum of a single dense layer under cross entropy with a ridge, by L-BFGS
/// over all rows at once: what scikit-learn's LogisticRegression finds. The objective is
/// <c>sum(w_i loss_i) / sum(w_i) + ridge / 2 |W|^2</c>, without the biases; two classes are
/// counted as one line between them.
/// </summary>
/// <remarks>
/// Nocedal and Wright, Numerical Optimization, 2nd edition, algorithms 7.4 and 7.5, with a
/// backtracking search. O(rows * features * classes) for each of at most
/// <see cref="PassesMax"/> passes.
/// </remarks>
internal sealed class QuasiNewton
{
    /// <summary>The most passes over the rows.</summary>
    public const int PassesMax = 500;

    /// <summary>The most products of a pass for which a statement should choose it.</summary>
    public const long ProductsMax = 1 << 26;

    private const int PairsMax = 10;
    private const int BatchRows = 1024;
    private const int HalvingsMax = 30;
    private const double SmallestSlope = 1e-6;
    private const double SufficientDecrease = 1e-4;

    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly double _ridge;
    private readonly int _matrix;
    private readonly GradientStep _step;
    private readonly ReadOnlyMemory<float> _features;
    private readonly ReadOnlyMemory<float> _targets;
    private readonly float[] _rowWeights;
    private readonly double _divisor;
    private readonly Memory<float> _weights;
    private readonly List<(double[] Move, double[] Change, double Product)> _pairs = [];

    /// <summary>A problem.</summary>
    /// <param name="network">One dense layer.</param>
    /// <param name="features">(rows, features).</param>
    /// <param name="targets">(rows), numbers of classes.</param>
    /// <param name="options">Its weight decay is the ridge.</param>
    /// <param name="workers">The threads.</param>
    public QuasiNewton(
        Network network,
        ReadOnlyMemory<float> features,
        ReadOnlyMemory<float> targets,
        TrainingOptions options,
        IWorkers workers)
    {
        Invariant.Check(network.Nodes.Count == 1 && network.Nodes[0].Layer is DenseLayer);
        _network = network;
        _options = options;
        _features = features;
        _targets = targets;
        int classes = network.Output.Length;
        _ridge = options.WeightDecay * (classes == 2 ? 2 : 1);
        _matrix = network.Input.Length * classes;
        _step = new GradientStep(
            network,
            Loss.Create(options.Loss, options.LabelSmoothing),
            Math.Min(BatchRows, targets.Length),
            options.Threads,
            workers);
        _weights = AlignedMemory.Allocate<float>(network.ParameterLength);
        if (!options.InitialWeights.IsEmpty)
        {
            options.InitialWeights.CopyTo(_weights);
        }

        _rowWeights = options.ClassWeights.Count == 0
            ? [] : [.. targets.ToArray().Select(label => options.ClassWeights[(int)label])];
        _divisor = _rowWeights.Length == 0
            ? targets.Length : _rowWeights.Sum(static weight => (double)weight);
    }

    /// <summary>Runs until the slope is nothing; gives the weights.</summary>
    public TrainingResult Run(
        TimeProvider clock, Action<TrainingProgress>? report, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        var log = new List<TrainingProgress>();
        double[] place = [.. _weights.ToArray().Select(static weight => (double)weight)];
        double[] slope = new double[place.Length];
        double value = Measure(place, slope, cancellationToken);
        int passes = 1;
        while (passes < PassesMax && slope.Max(Math.Abs) > SmallestSlope)
        {
            double seconds = clock.GetElapsedTime(started).TotalSeconds;
            var line = new TrainingProgress(
                log.Count + 1,
                log.Count + 1,
                value,
                null,
                null,
                1,
                (double)passes * _targets.Length / Math.Max(seconds, 1e-9),
                seconds,
                true,
                true);
            log.Add(line);
            report?.Invoke(line);
            bool isLate = _options.MaxSeconds > 0 && seconds > _options.MaxSeconds;
            if (isLate || !Advance(ref place, ref slope, ref value, ref passes, cancellationToken))
            {
                break;
            }
        }

        Put(place);
        return new TrainingResult(
            _weights, log, log.Count, _targets.Length, _network.HashOf(_weights));
    }

    /// <summary>One move downhill; false if there is none.</summary>
    private bool Advance(
        ref double[] place,
        ref double[] slope,
        ref double value,
        ref int passes,
        CancellationToken cancellationToken)
    {
        double[] direction = Direction(slope);
        double descent = Dot(direction, slope);
        if (descent >= 0)
        {
            _pairs.Clear();
            direction = [.. slope.Select(static part => -part)];
            descent = Dot(direction, slope);
        }

        double length = _pairs.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(-descent)) : 1;
        var next = new double[place.Length];
        var nextSlope = new double[place.Length];
        for (int halving = 0; halving < HalvingsMax; halving++, length /= 2)
        {
            for (int i = 0; i < next.Length; i++)
            {
                next[i] = place[i] + (length * direction[i]);
            }

            double nextValue = Measure(next, nextSlope, cancellationToken);
            passes++;
            if (nextValue <= value + (SufficientDecrease * length * descent))
            {
                Remember(place, next, slope, nextSlope);
                (place, slope, value) = (next, nextSlope, nextValue);
                return true;
            }
        }

        return false;
    }

    /// <summary>The two-loop recursion: minus the inverse Hessian, as known, times the slope.
    /// </summary>
    private double[] Direction(double[] slope)
    {
        double[] direction = [.. slope];
        var shares = new double[_pairs.Count];
        for (int i = _pairs.Count - 1; i >= 0; i--)
        {
            (double[] move, double[] change, double product) = _pairs[i];
            shares[i] = Dot(move, direction) / product;
            AddScaled(change, -shares[i], direction);
        }

        if (_pairs.Count > 0)
        {
            (_, double[] change, double product) = _pairs[^1];
            double scale = product / Dot(change, change);
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }

        for (int i = 0; i < _pairs.Count; i++)
        {
            (double[] move, double[] change, double product) = _pairs[i];
            AddScaled(move, shares[i] - (Dot(change, direction) / product), direction);
        }

        for (int i = 0; i < direction.Length; i++)
        {
            direction[i] = -direction[i];
        }

        return direction;
    }

    private void Remember(double[] place, double[] next, double[] slope, double[] nextSlope)
    {
        double[] move = [.. next.Zip(place, static (to, from) => to - from)];
        double[] change = [.. nextSlope.Zip(slope, static (to, from) => to - from)];
        double product = Dot(move, change);
        if (product > 1e-12 * Dot(change, change))
        {
            _pairs.Add((move, change, product));
            if (_pairs.Count > PairsMax)
            {
                _pairs.RemoveAt(0);
            }
        }
    }

    /// <summary>The objective at a place, and its slope there.</summary>
    private double Measure(double[] place, double[] slope, CancellationToken cancellationToken)
    {
        Put(place);
        Array.Clear(slope);
        double loss = 0;
        int width = _network.Input.Length;
        for (int begin = 0; begin < _targets.Length; begin += BatchRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(BatchRows, _targets.Length - begin);
            loss += _step.Run(
                _features.Slice(begin * width, count * width),
                _targets.Slice(begin, count),
                _rowWeights.Length == 0 ? default : _rowWeights.AsMemory(begin, count),
                count,
                _divisor,
                _weights,
                _options.Seed);
            Span<float> gradients = _step.Gradients.Span;
            for (int i = 0; i < slope.Length; i++)
            {
                slope[i] += gradients[i];
            }
        }

        double squares = 0;
        for (int i = 0; i < _matrix; i++)
        {
            squares += place[i] * place[i];
            slope[i] += _ridge * place[i];
        }

        double value = (loss / _divisor) + (_ridge / 2 * squares);
        return double.IsFinite(value) ? value : throw NeuralErrors.TrainingDiverged(
            $"The loss became {value}. Scale the features.");
    }

    private void Put(double[] place)
    {
        Span<float> weights = _weights.Span;
        for (int i = 0; i < place.Length; i++)
        {
            weights[i] = (float)place[i];
        }
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static void AddScaled(double[] source, double factor, double[] target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }
}
