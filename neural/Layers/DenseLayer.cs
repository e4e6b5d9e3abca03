using System.Globalization;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// y = x W + b at every place of the input, W (in, out), with a rectifier in the same pass if
/// asked for.
/// </summary>
internal sealed class DenseLayer : Layer
{
    private readonly int _inner;
    private readonly int _units;

    /// <summary>A layer over the last axis, or over all numbers of the input.</summary>
    public DenseLayer(TensorShape input, int units, bool isRectified)
        : base(input, input with { Channels = units })
    {
        _inner = input.Channels;
        _units = units;
        IsRectified = isRectified;
        Parameters =
        [
            new("weights", ParameterRole.Weights, [_inner, units], _inner, units),
            new("bias", ParameterRole.Bias, [units]),
        ];
    }

    /// <summary>Whether negative outputs become zero.</summary>
    public bool IsRectified { get; }

    /// <inheritdoc/>
    public override string Text => string.Create(
        CultureInfo.InvariantCulture, $"dense({_units}{(IsRectified ? ", relu" : "")})");

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public override long MultiplyAdds => (long)Input.Places * _inner * _units;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass)
    {
        int rows = pass.Count * Input.Places;
        var shape = new MatrixShape(MatrixLayout.Plain, rows, _units, _inner);
        var epilogue = new ProductEpilogue
        {
            Bias = pass.Weights[(_inner * _units)..],
            IsRectified = IsRectified,
        };
        MatrixProduct.Compute(
            shape, pass.Input, pass.Weights[..(_inner * _units)], pass.Output, epilogue);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass)
    {
        int rows = pass.Count * Input.Places;
        int matrix = _inner * _units;
        Span<float> bias = pass.Gradients[matrix..];
        if (IsRectified)
        {
            Activation.RectifierBackward(
                pass.Output, pass.OutputGradient, bias, VectorWidths.Widest);
        }
        else
        {
            Activation.AddColumnSums(pass.OutputGradient, bias, VectorWidths.Widest);
        }

        MatrixProduct.Compute(
            new MatrixShape(MatrixLayout.TransposedA, _inner, _units, rows),
            pass.Input,
            pass.OutputGradient,
            pass.Gradients[..matrix],
            new ProductEpilogue { IsAdded = true });
        if (!pass.InputGradient.IsEmpty)
        {
            MatrixProduct.Compute(
                new MatrixShape(MatrixLayout.TransposedB, rows, _inner, _units),
                pass.OutputGradient,
                pass.Weights[..matrix],
                pass.InputGradient);
        }
    }
}
