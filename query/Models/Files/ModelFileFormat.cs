namespace NeuroDb.Query;

/// <summary>How a model is written to a file.</summary>
internal enum ModelFileFormat
{
    /// <summary>All of it, for another database.</summary>
    Native,

    /// <summary>One file of C# that predicts by itself.</summary>
    CSharp,

    /// <summary>The network, for other programs and from them.</summary>
    Onnx,
}
