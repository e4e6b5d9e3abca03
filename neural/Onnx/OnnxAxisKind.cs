namespace NeuroDb.Neural;

/// <summary>What an axis of a value of an ONNX graph counts.</summary>
internal enum OnnxAxisKind
{
    /// <summary>The rows of a batch.</summary>
    Row,

    /// <summary>The places of an image or of a sequence.</summary>
    Place,

    /// <summary>The channels of a place.</summary>
    Channel,
}
