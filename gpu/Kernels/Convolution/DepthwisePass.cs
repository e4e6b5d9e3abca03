namespace NeuroDb.Gpu;

/// <summary>What a depthwise convolution computes.</summary>
internal enum DepthwisePass
{
    /// <summary>The output, from input and weights.</summary>
    Forward,

    /// <summary>The gradient of the input, from output gradient and weights.</summary>
    InputGradient,

    /// <summary>The gradient of the weights, from input and output gradient.</summary>
    WeightGradient,
}
