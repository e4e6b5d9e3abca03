namespace NeuroDb.Neural;

/// <summary>
/// One run of a layer over a batch. Shapes: input and its gradient (count, input), output and its
/// gradient (count, output).
/// </summary>
internal readonly ref struct LayerPass
{
    /// <summary>Examples of the batch.</summary>
    public int Count { get; init; }

    /// <summary>
    /// Whether this is training: dropout drops, batches are normalised by themselves.
    /// </summary>
    public bool IsTraining { get; init; }

    /// <summary>What random choices of this run begin with.</summary>
    public ulong Seed { get; init; }

    /// <summary>What goes in.</summary>
    public ReadOnlySpan<float> Input { get; init; }

    /// <summary>The second input of a layer that has two.</summary>
    public ReadOnlySpan<float> SecondInput { get; init; }

    /// <summary>What comes out.</summary>
    public Span<float> Output { get; init; }

    /// <summary>The gradient of the output.</summary>
    public Span<float> OutputGradient { get; init; }

    /// <summary>The gradient of the input, or empty if nobody needs it.</summary>
    public Span<float> InputGradient { get; init; }

    /// <summary>The parameters of the layer, one after another.</summary>
    public ReadOnlySpan<float> Weights { get; init; }

    /// <summary>The gradients of the parameters; what batches showed for running means.</summary>
    public Span<float> Gradients { get; init; }

    /// <summary>Floats kept from the way forward to the way back.</summary>
    public Span<float> Kept { get; init; }

    /// <summary>Bytes kept from the way forward to the way back.</summary>
    public Span<byte> KeptBytes { get; init; }
}
