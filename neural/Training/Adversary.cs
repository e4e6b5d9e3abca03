namespace NeuroDb.Neural;

/// <summary>
/// Changes features so that a network errs more, within epsilon of what they were:
/// x' = clip(x + s sign(dL/dx), x - epsilon, x + epsilon). Features that cannot be moved a little,
/// such as places of words, stay as they are. Owned by one thread.
/// </summary>
internal sealed class Adversary
{
    private readonly Network _network;
    private readonly Loss _loss;
    private readonly AttackSpec _attack;
    private readonly IReadOnlyList<bool> _isMovable;
    private readonly bool _isUnit;
    private readonly NetworkRun _run;
    private readonly float[] _gradients;
    private readonly float[] _origin;

    /// <summary>An adversary of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">What it makes larger.</param>
    /// <param name="attack">How.</param>
    /// <param name="isMovable">Which features it may move; empty for all.</param>
    /// <param name="rowsMax">The largest batch.</param>
    public Adversary(
        Network network,
        Loss loss,
        AttackSpec attack,
        IReadOnlyList<bool> isMovable,
        int rowsMax)
    {
        Invariant.Check(isMovable.Count == 0 || isMovable.Count == network.Input.Length);
        _network = network;
        _loss = loss;
        _attack = attack;
        _isMovable = isMovable;

        // Images stay images: from 0 to 1.
        _isUnit = !network.Input.IsFlat && network.Input.Channels is 1 or 3 or 4;
        _run = new NetworkRun(network, rowsMax, isTraining: true, needsInputGradient: true);
        _gradients = new float[network.ParameterLength];
        _origin = new float[rowsMax * network.Input.Length];
    }

    /// <summary>Changes a batch in place.</summary>
    /// <param name="features">(count, input).</param>
    /// <param name="targets">(count, targets); a class below 0 leaves its row as it is.</param>
    /// <param name="count">Rows.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="seed">Where the first step of pgd begins.</param>
    public void Change(
        Memory<float> features,
        ReadOnlySpan<float> targets,
        int count,
        ReadOnlySpan<float> weights,
        ulong seed)
    {
        Span<float> origin = _origin.AsSpan(0, count * _network.Input.Length);
        features.Span[..origin.Length].CopyTo(origin);
        bool isClass = _loss.TargetWidth(_network.Output.Length) == 1
            && _network.Output.Length > 1;
        float[] known = targets.ToArray();
        if (_attack.Steps > 1)
        {
            Scatter(features.Span[..origin.Length], seed);
        }

        for (int i = 0; isClass && i < known.Length; i++)
        {
            known[i] = Math.Max(0, known[i]);
        }

        for (int step = 0; step < _attack.Steps; step++)
        {
            ReadOnlySpan<float> outputs = _run.Forward(
                features[..origin.Length], count, weights);
            _loss.Compute(
                outputs, known, default, _network.Output.Length, 1, _run.OutputGradient);
            _run.Backward(weights, _gradients);
            Move(features.Span[..origin.Length], origin);
        }

        int width = _network.Input.Length;
        for (int row = 0; isClass && row < count; row++)
        {
            if (targets[row] < 0)
            {
                origin.Slice(row * width, width).CopyTo(features.Span[(row * width)..]);
            }
        }
    }

    private void Scatter(Span<float> features, ulong seed)
    {
        var random = new SeededRandomSource(seed);
        for (int i = 0; i < features.Length; i++)
        {
            double share = (2 * Initializer.Uniform(random)) - 1;
            features[i] += IsMovable(i) ? (float)(share * _attack.Epsilon) : 0;
            features[i] = _isUnit ? Math.Clamp(features[i], 0, 1) : features[i];
        }
    }

    private void Move(Span<float> features, ReadOnlySpan<float> origin)
    {
        ReadOnlySpan<float> slopes = _run.InputGradient;
        float length = (float)_attack.StepLength;
        float epsilon = (float)_attack.Epsilon;
        for (int i = 0; i < features.Length; i++)
        {
            float slope = slopes[i];
            if (!IsMovable(i) || slope == 0 || float.IsNaN(slope))
            {
                continue;
            }

            float moved = Math.Clamp(
                features[i] + (slope > 0 ? length : -length),
                origin[i] - epsilon,
                origin[i] + epsilon);
            features[i] = _isUnit ? Math.Clamp(moved, 0, 1) : moved;
        }
    }

    private bool IsMovable(int at) =>
        _isMovable.Count == 0 || _isMovable[at % _isMovable.Count];
}
