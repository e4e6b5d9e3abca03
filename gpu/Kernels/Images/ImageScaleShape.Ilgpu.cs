using System.Runtime.InteropServices;

namespace NeuroDb.Gpu;

/// <summary>The scalar arguments of an <see cref="ImageScaleKernel"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ImageScaleShape
{
    /// <summary>Columns of the given image.</summary>
    public int FromWidth;

    /// <summary>Rows of the given image.</summary>
    public int FromHeight;

    /// <summary>Columns of the new image.</summary>
    public int Width;

    /// <summary>Rows of the new image.</summary>
    public int Height;

    /// <summary>Channels that there are.</summary>
    public int Given;

    /// <summary>Channels that are wanted.</summary>
    public int Channels;

    /// <summary>Images of one size, one behind the other.</summary>
    public int Count;
}
