namespace NeuroDb.Gpu;

/// <summary>
/// Activation functions over arrays and their gradients: y = f(x), dx = dy f'(x). Any length; NaN
/// stays NaN.
/// </summary>
internal static class Activation
{
    /// <summary>f(x), in double precision.</summary>
    public static double ComputeScalar(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Relu => RectifierActivation.Compute(x),
        ActivationKind.LeakyRelu => LeakyRectifierActivation.Compute(x),
        ActivationKind.Sigmoid => SigmoidActivation.Compute(x),
        ActivationKind.Tanh => TanhActivation.Compute(x),
        ActivationKind.Gelu => GaussianErrorActivation.Compute(x),
        ActivationKind.Elu => ExponentialActivation.Compute(x),
        ActivationKind.Selu => ScaledExponentialActivation.Compute(x),
        ActivationKind.Silu => SigmoidLinearActivation.Compute(x),
        ActivationKind.Softplus => SoftRectifierActivation.Compute(x),
        ActivationKind.Relu6 => BoundedRectifierActivation.Compute(x),
        ActivationKind.HardSigmoid => HardSigmoidActivation.Compute(x),
        ActivationKind.HardSwish => HardSwishActivation.Compute(x),
        _ => x,
    };

    /// <summary>f'(x), in double precision.</summary>
    public static double DerivativeScalar(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Relu => RectifierActivation.Derivative(x),
        ActivationKind.LeakyRelu => LeakyRectifierActivation.Derivative(x),
        ActivationKind.Sigmoid => SigmoidActivation.Derivative(x),
        ActivationKind.Tanh => TanhActivation.Derivative(x),
        ActivationKind.Gelu => GaussianErrorActivation.Derivative(x),
        ActivationKind.Elu => ExponentialActivation.Derivative(x),
        ActivationKind.Selu => ScaledExponentialActivation.Derivative(x),
        ActivationKind.Silu => SigmoidLinearActivation.Derivative(x),
        ActivationKind.Softplus => SoftRectifierActivation.Derivative(x),
        ActivationKind.Relu6 => BoundedRectifierActivation.Derivative(x),
        ActivationKind.HardSigmoid => HardSigmoidActivation.Derivative(x),
        ActivationKind.HardSwish => HardSwishActivation.Derivative(x),
        _ => 1,
    };

    /// <summary>y = f(x); x and y may be the same memory.</summary>
    public static void Forward(
        ActivationKind kind, ReadOnlySpan<float> x, Span<float> y) =>
        Forward(kind, x, y, VectorWidths.Widest);

    /// <summary>y = f(x), with registers of a width.</summary>
    public static void Forward(
        ActivationKind kind, ReadOnlySpan<float> x, Span<float> y, VectorWidth width)
    {
        Check(x.Length == y.Length);
        var action = new ActivationAction(kind, x, y, default, default);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>dx = dy f'(x), where y = f(x); dx and dy may be the same memory.</summary>
    public static void Backward(
        ActivationKind kind,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> dy,
        Span<float> dx) =>
        Backward(kind, x, y, dy, dx, VectorWidths.Widest);

    /// <summary>dx = dy f'(x), with registers of a width.</summary>
    public static void Backward(
        ActivationKind kind,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> dy,
        Span<float> dx,
        VectorWidth width)
    {
        Check(x.Length == y.Length && y.Length == dy.Length && dy.Length == dx.Length);
        var action = new ActivationAction(kind, x, y, dy, dx);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>
    /// In place: dy becomes 0 where y is not positive; then the sums of its columns are added to
    /// the gradient of the bias. One pass over (rows, columns).
    /// </summary>
    public static void RectifierBackward(
        ReadOnlySpan<float> y, Span<float> dy, Span<float> biasGradient, VectorWidth width)
    {
        Check(y.Length == dy.Length
            && (dy.IsEmpty || dy.Length % biasGradient.Length == 0));
        var action = new ColumnSumAction(y, dy, biasGradient);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>Adds the sums of the columns of dy, (rows, columns), to a gradient.</summary>
    public static void AddColumnSums(
        Span<float> dy, Span<float> biasGradient, VectorWidth width)
    {
        Check(dy.IsEmpty || dy.Length % biasGradient.Length == 0);
        var action = new ColumnSumAction(default, dy, biasGradient);
        FloatDispatch.Run(width, ref action);
    }

    private static void Check(bool fits)
    {
        if (!fits)
        {
            throw new ArgumentException("The arrays of an activation differ in length.");
        }
    }
}
