namespace NeuroDb.Gpu;

/// <summary>The part of a window, along one side, that lies inside the image.</summary>
internal readonly struct WindowRange(int start, int kernel, int size)
{
    /// <summary>The first tap inside.</summary>
    public int First { get; } = Math.Max(0, -start);

    /// <summary>Behind the last tap inside.</summary>
    public int End { get; } = Math.Min(kernel, size - start);
}
