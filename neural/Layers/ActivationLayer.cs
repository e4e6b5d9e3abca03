using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>An activation function of every number.</summary>
internal sealed class ActivationLayer(TensorShape input, ActivationKind kind)
    : Layer(input, input)
{
    /// <summary>The function.</summary>
    public ActivationKind Kind => kind;

    /// <inheritdoc/>
    public override string Text => kind switch
    {
        ActivationKind.Relu => "relu",
        ActivationKind.LeakyRelu => "leaky_relu",
        ActivationKind.Sigmoid => "sigmoid",
        ActivationKind.Tanh => "tanh",
        ActivationKind.Gelu => "gelu",
        ActivationKind.Elu => "elu",
        ActivationKind.Selu => "selu",
        ActivationKind.Silu => "silu",
        ActivationKind.Softplus => "softplus",
        ActivationKind.Relu6 => "relu6",
        ActivationKind.HardSigmoid => "hard_sigmoid",
        ActivationKind.HardSwish => "hard_swish",
        _ => "linear",
    };

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass) =>
        Activation.Forward(kind, pass.Input, pass.Output);

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        if (!pass.InputGradient.IsEmpty)
        {
            Activation.Backward(
                kind, pass.Input, pass.Output, pass.OutputGradient, pass.InputGradient);
        }
    }
}
