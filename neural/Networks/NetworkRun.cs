using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The memory of one thread that runs a network: activations, their gradients and what layers keep
/// for their way back. Batches may be of any size up to the one it was made for.
/// </summary>
internal sealed class NetworkRun
{
    private readonly Network _network;
    private readonly Memory<float>[] _outputs;
    private readonly Memory<float>[] _gradients;
    private readonly Memory<float>[] _kept;
    private readonly byte[][] _keptBytes;
    private readonly int[] _consumers;
    private readonly bool[] _isWritten;
    private readonly Memory<float> _inputGradient;
    private float[] _scratch = [];
    private ReadOnlyMemory<float> _input;
    private int _count;
    private bool _isTraining;

    /// <summary>Memory for batches of up to so many examples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="countMax">The largest batch.</param>
    /// <param name="isTraining">Whether there will be ways back.</param>
    /// <param name="needsInputGradient">Whether the gradient of the input is wanted.</param>
    public NetworkRun(
        Network network, int countMax, bool isTraining, bool needsInputGradient = false)
    {
        _network = network;
        CountMax = countMax;
        int nodes = network.Nodes.Count;
        _outputs = new Memory<float>[nodes];
        _gradients = new Memory<float>[nodes];
        _kept = new Memory<float>[nodes];
        _keptBytes = new byte[nodes][];
        _consumers = new int[nodes];
        _isWritten = new bool[nodes + 1];
        foreach (NetworkNode node in network.Nodes)
        {
            Count(node.Input);
            if (node.Layer.HasTwoInputs)
            {
                Count(node.SecondInput);
            }
        }

        for (int i = 0; i < nodes; i++)
        {
            Layer layer = network.Nodes[i].Layer;
            _kept[i] = AlignedMemory.Allocate<float>(checked(countMax * layer.KeptLength));
            _keptBytes[i] = isTraining
                ? new byte[checked(countMax * layer.KeptByteLength)] : [];
            if (IsAlias(i))
            {
                _outputs[i] = _outputs[network.Nodes[i].Input];
                _gradients[i] = _gradients[network.Nodes[i].Input];
                continue;
            }

            int length = checked(countMax * layer.Output.Length);
            _outputs[i] = AlignedMemory.Allocate<float>(length);
            _gradients[i] = isTraining ? AlignedMemory.Allocate<float>(length) : default;
        }

        _inputGradient = needsInputGradient
            ? AlignedMemory.Allocate<float>(countMax * network.Input.Length) : default;
    }

    /// <summary>The largest batch.</summary>
    public int CountMax { get; }

    /// <summary>What the last way forward gave.</summary>
    public ReadOnlySpan<float> Output => OutputOf(_network.Nodes.Count - 1);

    /// <summary>Where the gradient of the output goes before the way back.</summary>
    public Span<float> OutputGradient =>
        _gradients[^1].Span[..(_count * _network.Output.Length)];

    /// <summary>The gradient of the input, if it was asked for.</summary>
    public ReadOnlySpan<float> InputGradient =>
        _inputGradient.Span[..(_count * _network.Input.Length)];

    /// <summary>Runs the layers; gives <see cref="Output"/>, (count, output).</summary>
    public ReadOnlySpan<float> Forward(
        ReadOnlyMemory<float> input,
        int count,
        ReadOnlySpan<float> weights,
        bool isTraining = false,
        ulong seed = 0)
    {
        Invariant.Check(count <= CountMax && input.Length == count * _network.Input.Length);
        _input = input;
        _count = count;
        _isTraining = isTraining;
        for (int i = 0; i < _network.Nodes.Count; i++)
        {
            NetworkNode node = _network.Nodes[i];
            if (IsAlias(i))
            {
                continue;
            }

            if (node.Layer.IsView)
            {
                InputOf(node.Input).CopyTo(_outputs[i].Span);
                continue;
            }

            node.Layer.Forward(new LayerPass
            {
                Count = count,
                IsTraining = isTraining,
                Seed = Hash64.Combine(seed, (ulong)i),
                Input = InputOf(node.Input),
                SecondInput = node.Layer.HasTwoInputs ? InputOf(node.SecondInput) : default,
                Output = OutputOf(i),
                Weights = weights.Slice(node.Offset, node.Length),
                Kept = _kept[i].Span,
                KeptBytes = _keptBytes[i],
            });
        }

        return Output;
    }

    /// <summary>
    /// Runs the layers backwards from <see cref="OutputGradient"/> and adds to the gradients of
    /// the parameters. Layers before the first trained one are left out. Behind a way forward that
    /// was no training, the gradients of the features are those of what is predicted.
    /// </summary>
    public void Backward(
        ReadOnlySpan<float> weights, Span<float> gradients, ulong seed = 0, int firstTrained = 0)
    {
        Array.Clear(_isWritten);
        _isWritten[_network.Nodes.Count] = true;
        for (int i = _network.Nodes.Count - 1; i >= firstTrained; i--)
        {
            NetworkNode node = _network.Nodes[i];
            if (IsAlias(i))
            {
                _isWritten[node.Input + 1] = true;
                continue;
            }

            if (node.Layer.IsView)
            {
                Contribute(node.Input, firstTrained, GradientOf(i));
                continue;
            }

            bool isNeeded = IsNeeded(node.Input, firstTrained);
            Span<float> target = isNeeded ? TargetOf(node.Input) : default;
            node.Layer.Backward(new LayerPass
            {
                Count = _count,
                IsTraining = _isTraining,
                Seed = Hash64.Combine(seed, (ulong)i),
                Input = InputOf(node.Input),
                Output = OutputOf(i),
                OutputGradient = GradientOf(i),
                InputGradient = target,
                Weights = weights.Slice(node.Offset, node.Length),
                Gradients = gradients.Slice(node.Offset, node.Length),
                Kept = _kept[i].Span,
                KeptBytes = _keptBytes[i],
            });
            if (isNeeded)
            {
                Finish(node.Input, target);
            }

            if (node.Layer.HasTwoInputs)
            {
                Contribute(node.SecondInput, firstTrained, GradientOf(i));
            }
        }
    }

    private bool IsNeeded(int node, int firstTrained) =>
        node < 0 ? !_inputGradient.IsEmpty : node >= firstTrained;

    /// <summary>The gradient itself, or scratch memory if something is there already.</summary>
    private Span<float> TargetOf(int node)
    {
        Span<float> gradient = node < 0 ? InputGradientSpan() : GradientOf(node);
        if (!_isWritten[node + 1])
        {
            return gradient;
        }

        if (_scratch.Length < gradient.Length)
        {
            _scratch = new float[gradient.Length];
        }

        return _scratch.AsSpan(0, gradient.Length);
    }

    private void Finish(int node, ReadOnlySpan<float> target)
    {
        if (_isWritten[node + 1])
        {
            VectorArithmetic.Add(target, node < 0 ? InputGradientSpan() : GradientOf(node));
        }

        _isWritten[node + 1] = true;
    }

    private void Contribute(int node, int firstTrained, ReadOnlySpan<float> gradient)
    {
        if (IsNeeded(node, firstTrained))
        {
            Span<float> target = TargetOf(node);
            gradient.CopyTo(target);
            Finish(node, target);
        }
    }

    /// <summary>Whether a node only shows the memory of the one before it.</summary>
    private bool IsAlias(int node)
    {
        NetworkNode it = _network.Nodes[node];
        return it.Layer.IsView && it.Input >= 0 && _consumers[it.Input] == 1;
    }

    private void Count(int node)
    {
        if (node >= 0)
        {
            _consumers[node]++;
        }
    }

    private ReadOnlySpan<float> InputOf(int node) =>
        node < 0 ? _input.Span : OutputOf(node);

    private Span<float> OutputOf(int node) =>
        _outputs[node].Span[..(_count * _network.Nodes[node].Layer.Output.Length)];

    private Span<float> GradientOf(int node) =>
        _gradients[node].Span[..(_count * _network.Nodes[node].Layer.Output.Length)];

    private Span<float> InputGradientSpan() =>
        _inputGradient.Span[..(_count * _network.Input.Length)];
}
