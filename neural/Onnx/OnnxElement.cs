namespace NeuroDb.Neural;

/// <summary>What a tensor of ONNX holds: the numbers are those of TensorProto.DataType.</summary>
internal enum OnnxElement
{
    /// <summary>Nothing that is known here.</summary>
    Other = 0,

    /// <summary>Floats of 32 bits.</summary>
    Float = 1,

    /// <summary>Whole numbers of 32 bits.</summary>
    Int32 = 6,

    /// <summary>Whole numbers of 64 bits.</summary>
    Int64 = 7,

    /// <summary>Texts.</summary>
    Text = 8,

    /// <summary>Floats of 64 bits.</summary>
    Double = 11,
}
