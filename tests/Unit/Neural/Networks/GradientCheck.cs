using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>A small network with numbers for everything, whose gradient is to be checked.</summary>
internal sealed class GradientCheck
{
    private const int Count = 4;

    private readonly Network _network;
    private readonly NetworkRun _run;
    private readonly Loss _loss = Loss.Create(LossKind.MeanSquared);
    private readonly Memory<float> _weights;
    private readonly float[] _targets;
    private readonly float[] _gradients;

    /// <summary>A network of a list of layers.</summary>
    public GradientCheck(TensorShape shape, string layers)
    {
        _network = NetworkBuilder.Build(shape, layers);
        _weights = Initializer.Create(_network, 3, InitialValue.Glorot);
        Input = LayerGradientTests.Numbers(Count * _network.Input.Length, 4);
        _targets = LayerGradientTests.Numbers(Count * _network.Output.Length, 5);
        _run = new NetworkRun(_network, Count, isTraining: true, needsInputGradient: true);
        _gradients = new float[_network.ParameterLength];
        InputGradient = [];
    }

    /// <summary>The input of all examples.</summary>
    public float[] Input { get; }

    /// <summary>The gradient of the input.</summary>
    public float[] InputGradient { get; private set; }

    /// <summary>The parameters that have gradients.</summary>
    public IEnumerable<Tensor> Tensors => _network.TensorsOf(_weights).Where(
        tensor => !tensor.Name.EndsWith("mean", StringComparison.Ordinal)
            && !tensor.Name.EndsWith("variance", StringComparison.Ordinal));

    /// <summary>The loss with the weights as they are.</summary>
    public double Compute(float[] input)
    {
        ReadOnlySpan<float> output = _run.Forward(input, Count, _weights.Span, isTraining: true);
        return _loss.Compute(
            output, _targets, default, _network.Output.Length, Count, _run.OutputGradient)
            / Count;
    }

    /// <summary>Fills all gradients.</summary>
    public void Backward()
    {
        Compute(Input);
        _run.Backward(_weights.Span, _gradients);
        InputGradient = _run.InputGradient.ToArray();
    }

    /// <summary>The gradient of a parameter.</summary>
    public ReadOnlySpan<float> GradientOf(string name) => _network.TensorsOf(_gradients)
        .Single(tensor => tensor.Name == name).Data.Span;
}
