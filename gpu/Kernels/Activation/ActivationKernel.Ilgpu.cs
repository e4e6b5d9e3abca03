using ILGPU;
using ILGPU.Algorithms;

namespace NeuroDb.Gpu;

/// <summary><see cref="Activation"/>, device form.</summary>
internal static class ActivationKernel
{
    /// <summary>y = f(x); explicitly grouped.</summary>
    public static void Forward(
        ArrayView<float> x, ArrayView<float> y, ActivationKind kind)
    {
        for (long i = DeviceGrid.First; i < x.Length; i += DeviceGrid.Step)
        {
            y[i] = Compute(kind, x[i]);
        }
    }

    /// <summary>dx = dy f'(x); explicitly grouped.</summary>
    public static void Backward(
        ArrayView<float> x,
        ArrayView<float> y,
        ArrayView<float> dy,
        ArrayView<float> dx,
        ActivationKind kind)
    {
        for (long i = DeviceGrid.First; i < x.Length; i += DeviceGrid.Step)
        {
            dx[i] = dy[i] * Derivative(kind, x[i], y[i]);
        }
    }

    private static float Compute(ActivationKind kind, float x) => kind switch
    {
        ActivationKind.Relu => IntrinsicMath.Max(x, 0),
        ActivationKind.LeakyRelu => x > 0 ? x : x * 0.01f,
        ActivationKind.Sigmoid => 1 / (1 + XMath.Exp(-x)),
        ActivationKind.Tanh => 1 - (2 / (XMath.Exp(x + x) + 1)),
        ActivationKind.Gelu => x * Distribution(x),
        ActivationKind.Elu => x > 0 ? x : XMath.Exp(x) - 1,
        ActivationKind.Selu => ScaledExponentialActivation.Scale
            * (x > 0 ? x : ScaledExponentialActivation.Alpha * (XMath.Exp(x) - 1)),
        ActivationKind.Silu => x / (1 + XMath.Exp(-x)),
        ActivationKind.Softplus => IntrinsicMath.Max(x, 0)
            + XMath.Log(1 + XMath.Exp(-IntrinsicMath.Abs(x))),
        ActivationKind.Relu6 => Bounded(x),
        ActivationKind.HardSigmoid => Bounded(x + 3) / 6,
        ActivationKind.HardSwish => x * Bounded(x + 3) / 6,
        _ => x,
    };

    private static float Derivative(ActivationKind kind, float x, float y) => kind switch
    {
        ActivationKind.Relu => y > 0 ? 1 : 0,
        ActivationKind.LeakyRelu => x > 0 ? 1 : 0.01f,
        ActivationKind.Sigmoid => y * (1 - y),
        ActivationKind.Tanh => 1 - (y * y),
        ActivationKind.Gelu => Distribution(x) + (x * 0.39894228f * XMath.Exp(x * x * -0.5f)),
        ActivationKind.Elu => x > 0 ? 1 : y + 1,
        ActivationKind.Selu => x > 0 ? ScaledExponentialActivation.Scale
            : y + (ScaledExponentialActivation.Scale * ScaledExponentialActivation.Alpha),
        ActivationKind.Silu => (1 + x - y) / (1 + XMath.Exp(-x)),
        ActivationKind.Softplus => 1 / (1 + XMath.Exp(-x)),
        ActivationKind.Relu6 => y > 0 && y < 6 ? 1 : 0,
        ActivationKind.HardSigmoid => IntrinsicMath.Abs(x) < 3 ? 1f / 6 : 0,
        ActivationKind.HardSwish => IntrinsicMath.Abs(x) < 3 ? (x / 3) + 0.5f
            : x > 0 ? 1 : 0,
        _ => 1,
    };

    private static float Bounded(float x) => IntrinsicMath.Min(IntrinsicMath.Max(x, 0), 6);

    /// <summary>As in <see cref="GaussianErrorActivation"/>.</summary>
    private static float Distribution(float x)
    {
        float t = 1 / (1 + (IntrinsicMath.Abs(x) * 0.3275911f * 0.70710678f));
        float sum = (t * 1.061405429f) - 1.453152027f;
        sum = (t * sum) + 1.421413741f;
        sum = (t * sum) - 0.284496736f;
        sum = (t * sum) + 0.254829592f;
        float tail = t * sum * 0.5f * XMath.Exp(x * x * -0.5f);
        return x > 0 ? 1 - tail : tail;
    }
}
