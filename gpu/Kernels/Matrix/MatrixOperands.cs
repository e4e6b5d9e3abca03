namespace NeuroDb.Gpu;

/// <summary>The pinned memory of a matrix product and what is done to its result.</summary>
internal unsafe struct MatrixOperands(float* a, float* b, float* c, float* bias)
{
    /// <summary>The left factor.</summary>
    public float* A = a;

    /// <summary>The right factor.</summary>
    public float* B = b;

    /// <summary>The result.</summary>
    public float* C = c;

    /// <summary>What is added to every row, or null.</summary>
    public float* Bias = bias;

    /// <summary>Whether the product is added to what the result holds.</summary>
    public bool IsAdded;

    /// <summary>Whether negative results become zero.</summary>
    public bool IsRectified;
}
