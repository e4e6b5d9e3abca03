namespace NeuroDb.Query;

/// <summary>The formats of files that COPY reads and writes.</summary>
internal enum CopyFormat
{
    /// <summary>Comma-separated values, RFC 4180; TSV is the same with tabs.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>A NumPy array of one or two dimensions.</summary>
    Npy,

    /// <summary>A tensor of one or two dimensions of a safetensors file.</summary>
    Safetensors,

    /// <summary>Vectors of 32-bit floats, each behind its dimension.</summary>
    Fvecs,

    /// <summary>Vectors of 32-bit integers, each behind its dimension.</summary>
    Ivecs,

    /// <summary>Vectors of unsigned bytes, each behind its dimension.</summary>
    Bvecs,

    /// <summary>A folder of images for each label.</summary>
    ImageFolder,

    /// <summary>A folder of sounds for each label.</summary>
    AudioFolder,

    /// <summary>A folder of texts for each label.</summary>
    TextFolder,

    /// <summary>A file of images of one size, as MNIST comes in.</summary>
    Idx,
}
