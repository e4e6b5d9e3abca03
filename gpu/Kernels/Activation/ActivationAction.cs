namespace NeuroDb.Gpu;

/// <summary>An activation, or its gradient if there is one of the output.</summary>
internal readonly unsafe ref struct ActivationAction(
    ActivationKind kind,
    ReadOnlySpan<float> x,
    ReadOnlySpan<float> y,
    ReadOnlySpan<float> dy,
    Span<float> dx) : IFloatAction
{
    private readonly ReadOnlySpan<float> _x = x;
    private readonly ReadOnlySpan<float> _y = y;
    private readonly ReadOnlySpan<float> _dy = dy;
    private readonly Span<float> _dx = dx;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        switch (kind)
        {
            case ActivationKind.Relu:
                Run<TLanes, TVector, RectifierActivation>();
                break;
            case ActivationKind.LeakyRelu:
                Run<TLanes, TVector, LeakyRectifierActivation>();
                break;
            case ActivationKind.Sigmoid:
                Run<TLanes, TVector, SigmoidActivation>();
                break;
            case ActivationKind.Tanh:
                Run<TLanes, TVector, TanhActivation>();
                break;
            case ActivationKind.Gelu:
                Run<TLanes, TVector, GaussianErrorActivation>();
                break;
            case ActivationKind.Elu:
                Run<TLanes, TVector, ExponentialActivation>();
                break;
            case ActivationKind.Selu:
                Run<TLanes, TVector, ScaledExponentialActivation>();
                break;
            case ActivationKind.Silu:
                Run<TLanes, TVector, SigmoidLinearActivation>();
                break;
            case ActivationKind.Softplus:
                Run<TLanes, TVector, SoftRectifierActivation>();
                break;
            case ActivationKind.Relu6:
                Run<TLanes, TVector, BoundedRectifierActivation>();
                break;
            case ActivationKind.HardSigmoid:
                Run<TLanes, TVector, HardSigmoidActivation>();
                break;
            case ActivationKind.HardSwish:
                Run<TLanes, TVector, HardSwishActivation>();
                break;
            default:
                Run<TLanes, TVector, IdentityActivation>();
                break;
        }
    }

    private void Run<TLanes, TVector, TActivation>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TActivation : struct, IActivation
    {
        fixed (float* x = _x, y = _y, dy = _dy, dx = _dx)
        {
            nint length = _x.Length;
            for (nint i = 0; i < length; i += TLanes.Count)
            {
                TVector input = EdgeLanes<TLanes, TVector>.Load(x + i, length - i);
                if (dy == null)
                {
                    EdgeLanes<TLanes, TVector>.Store(
                        TActivation.Compute<TLanes, TVector>(input), y + i, length - i);
                    continue;
                }

                TVector output = EdgeLanes<TLanes, TVector>.Load(y + i, length - i);
                TVector gradient = EdgeLanes<TLanes, TVector>.Load(dy + i, length - i);
                EdgeLanes<TLanes, TVector>.Store(
                    TLanes.Multiply(
                        gradient, TActivation.Derivative<TLanes, TVector>(input, output)),
                    dx + i,
                    length - i);
            }
        }
    }
}
