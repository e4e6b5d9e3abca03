namespace NeuroDb.Neural;

/// <summary>In which order the numbers of a value of an ONNX graph lie.</summary>
internal enum OnnxOrder
{
    /// <summary>As ours: channels last.</summary>
    Last,

    /// <summary>Channels before height and width.</summary>
    First,

    /// <summary>The steps of a sequence before the rows of a batch.</summary>
    StepsFirst,

    /// <summary>Plain numbers that were an image with its channels first.</summary>
    FlatFirst,
}
