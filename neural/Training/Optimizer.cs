using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Turns gradients into new weights and keeps the moments that this needs. Running means move a
/// tenth of the way to what the batch showed.
/// </summary>
internal sealed class Optimizer
{
    private const int ChunkLength = 1 << 15;
    private const float RunningShare = 0.1f;

    private readonly OptimizerKind _kind;
    private readonly float _weightDecay;
    private readonly List<(int Start, int Length, bool Decays, bool IsRunning)> _ranges = [];
    private readonly List<(int Start, ParameterSpec Spec, FactoredUpdate Update)> _factored = [];
    private readonly Memory<float> _first;
    private readonly Memory<float> _second;
    private long _step;

    /// <summary>An optimizer of the parameters of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="kind">The rule.</param>
    /// <param name="weightDecay">The decay of weights.</param>
    /// <param name="firstTrained">Nodes before this one stay as they are.</param>
    public Optimizer(
        Network network, OptimizerKind kind, double weightDecay = 0, int firstTrained = 0)
    {
        _kind = kind;
        _weightDecay = (float)weightDecay;
        UpdateRule rule = RuleOf(kind);
        bool isFactored = kind == OptimizerKind.Adafactor;
        int length = isFactored ? 0 : network.ParameterLength;
        _first = WeightUpdate.HasFirst(rule) ? AlignedMemory.Allocate<float>(length) : default;
        _second = WeightUpdate.HasSecond(rule) ? AlignedMemory.Allocate<float>(length) : default;
        for (int i = firstTrained; i < network.Nodes.Count; i++)
        {
            int offset = network.Nodes[i].Offset;
            foreach (ParameterSpec parameter in network.Nodes[i].Layer.Parameters)
            {
                if (!isFactored)
                {
                    Cover(offset, parameter);
                }
                else if (parameter.Role is ParameterRole.RunningMean
                    or ParameterRole.RunningVariance)
                {
                    _ranges.Add((offset, parameter.Length, false, true));
                }
                else
                {
                    _factored.Add((offset, parameter, new FactoredUpdate(parameter)));
                }

                offset += parameter.Length;
            }
        }
    }

    /// <summary>One step at a rate.</summary>
    public void Step(
        Memory<float> weights, ReadOnlyMemory<float> gradients, double rate, IWorkers workers)
    {
        _step++;
        foreach ((int start, ParameterSpec spec, FactoredUpdate update) in _factored)
        {
            update.Step(
                weights.Span.Slice(start, spec.Length),
                gradients.Span.Slice(start, spec.Length),
                rate,
                spec.Role == ParameterRole.Weights ? _weightDecay : 0,
                _step);
        }

        foreach ((int start, int length, bool decays, bool isRunning) in _ranges)
        {
            if (isRunning)
            {
                Average(
                    weights.Span.Slice(start, length), gradients.Span.Slice(start, length));
                continue;
            }

            UpdateStep step = StepOf(rate, decays);
            int chunks = (length + ChunkLength - 1) / ChunkLength;
            if (chunks == 1)
            {
                Run(step, weights, gradients, start, length);
                continue;
            }

            workers.ForEach(chunks, chunk => Run(
                step,
                weights,
                gradients,
                start + (chunk * ChunkLength),
                Math.Min(ChunkLength, length - (chunk * ChunkLength))));
        }
    }

    /// <summary>The numbers of the next step, for a loop that updates weights by itself.</summary>
    internal UpdateStep NextStep(double rate)
    {
        _step++;
        return StepOf(rate, _weightDecay != 0);
    }

    /// <summary>The first moments, of the length of the parameters or empty.</summary>
    internal Span<float> First => _first.Span;

    /// <summary>The second moments, of the length of the parameters or empty.</summary>
    internal Span<float> Second => _second.Span;

    private static UpdateRule RuleOf(OptimizerKind kind) => kind switch
    {
        OptimizerKind.Sgd => UpdateRule.GradientDescent,
        OptimizerKind.Momentum => UpdateRule.Momentum,
        OptimizerKind.Adam => UpdateRule.Adam,
        OptimizerKind.AdamW => UpdateRule.AdamW,
        OptimizerKind.RmsProp => UpdateRule.RmsProp,
        _ => UpdateRule.AdaGrad,
    };

    private UpdateStep StepOf(double rate, bool decays)
    {
        bool isAdam = _kind is OptimizerKind.Adam or OptimizerKind.AdamW;
        double second = _kind == OptimizerKind.RmsProp ? 0.99 : 0.999;
        return new UpdateStep
        {
            Rule = RuleOf(_kind),
            Rate = (float)rate,
            FirstDecay = 0.9f,
            SecondDecay = (float)second,
            Epsilon = _kind == OptimizerKind.AdaGrad ? 1e-10f : 1e-8f,
            WeightDecay = decays ? _weightDecay : 0,
            FirstCorrection = isAdam ? (float)(1 - Math.Pow(0.9, _step)) : 1,
            SecondCorrection = isAdam ? (float)Math.Sqrt(1 - Math.Pow(second, _step)) : 1,
        };
    }

    private void Run(
        UpdateStep step,
        Memory<float> weights,
        ReadOnlyMemory<float> gradients,
        int start,
        int length) => WeightUpdate.Run(
            step,
            weights.Span.Slice(start, length),
            gradients.Span.Slice(start, length),
            _first.IsEmpty ? default : _first.Span.Slice(start, length),
            _second.IsEmpty ? default : _second.Span.Slice(start, length),
            VectorWidths.Widest);

    private static void Average(Span<float> weights, ReadOnlySpan<float> shown)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] += RunningShare * (shown[i] - weights[i]);
        }
    }

    /// <summary>Neighbours of one kind, and the gaps between them, become one range.</summary>
    private void Cover(int offset, ParameterSpec parameter)
    {
        bool isRunning =
            parameter.Role is ParameterRole.RunningMean or ParameterRole.RunningVariance;
        bool decays = _weightDecay != 0 && parameter.Role == ParameterRole.Weights;
        if (_ranges.Count > 0)
        {
            (int start, _, bool lastDecays, bool lastIsRunning) = _ranges[^1];
            if (lastDecays == decays && lastIsRunning == isRunning)
            {
                _ranges[^1] = (start, offset + parameter.Length - start, decays, isRunning);
                return;
            }
        }

        _ranges.Add((offset, parameter.Length, decays, isRunning));
    }
}
