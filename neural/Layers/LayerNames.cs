using System.Globalization;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>How layers write their arguments.</summary>
internal static class LayerNames
{
    /// <summary>Kernel, stride and padding of a convolution.</summary>
    public static string KernelOf(ConvolutionShape shape, bool isSame)
    {
        string text = Number(shape.KernelHeight);
        if (shape.KernelWidth != shape.KernelHeight)
        {
            text += ", width=" + Number(shape.KernelWidth);
        }

        if (shape.Stride != 1)
        {
            text += ", stride=" + Number(shape.Stride);
        }

        return isSame ? text + ", same"
            : shape.PadLeft > 0 ? text + ", pad=" + Number(shape.PadLeft) : text;
    }

    /// <summary>A number as a list of layers has it.</summary>
    public static string Number(double value) =>
        value.ToString("R", CultureInfo.InvariantCulture);
}
